import type { JsonObject } from '../../../shared/kernel/json.ts';
import { inputFaults, writableFields } from '../../../shared/unified/input-faults.ts';
import { catalogue } from '../../support/worlds/unified-calls.ts';

const model = catalogue.model('crm')!.resources['contacts']!;
const mapping = catalogue.mapping('acme', 'crm', 'contacts')!;
const faultsOf = (input: JsonObject, needed: readonly string[] = []) =>
  inputFaults(input, { model, mapping, needed, params: [] }).map(
    ({ path, message }) => `${path} ${message}`,
  );

describe('inputFaults', () => {
  it.each<[string, JsonObject]>([
    ['every field', { name: 'Ada', age: 36, kind: 'lead', emails: [{ email: 'a@b.c' }] }],
    ['null for what may be cleared', { age: null, emails: null, born_on: null }],
    ['null for a member that is not required', { emails: [{ email: 'a', is_primary: null }] }],
    ['a leap day', { born_on: '2024-02-29' }],
    ['an instant with an offset', { seen_at: '2026-03-01T12:00:00+02:00' }],
    ['free members', { custom_fields: { a: { b: [1] } } }],
  ])('finds nothing wrong with %s', (_, input) => {
    expect(faultsOf(input)).toEqual([]);
  });

  it.each<[JsonObject, string]>([
    [{ name: null }, 'name must be string'],
    [{ age: 1.5 }, 'age must be integer'],
    [{ age: '1' }, 'age must be integer'],
    [{ kind: 'foe' }, 'kind must be one of lead, client'],
    [{ born_on: '2026-13-01' }, 'born_on must be a day in ISO 8601'],
    [{ seen_at: '2026-03-01T12:00:00' }, 'seen_at must be an instant with its offset in ISO 8601'],
    [{ emails: 'a@b.c' }, 'emails must be array'],
    [{ emails: [{}] }, 'emails[0].email is needed'],
    [{ emails: [{ email: 'a', at: 1 }] }, 'emails[0].at is not a field of the model'],
    [{ emails: [{ email: null }] }, 'emails[0].email must be string'],
    [{ custom_fields: null }, 'custom_fields must be object'],
    [{ constructor: 1 }, 'constructor is not a field of the model'],
  ])('refuses %j', (input, fault) => {
    expect(faultsOf(input)).toEqual([fault]);
  });

  it('misses what is needed', () => {
    expect(faultsOf({ age: 1 }, ['name'])).toEqual(['name is needed']);
  });

  it('says nothing of the values', () => {
    expect(faultsOf({ age: 's3cret', kind: 's3cret', born_on: 's3cret' }).join()).not.toContain(
      's3cret',
    );
  });
});

describe('writableFields', () => {
  it('are those that an expression reads', () => {
    expect([...writableFields(model, mapping)].sort()).toEqual([
      'age',
      'born_on',
      'custom_fields',
      'emails',
      'kind',
      'name',
      'seen_at',
    ]);
  });
});
