/**
 * What is wrong with a unified record that a caller wants written: every fault at once, by path.
 *
 * A field that the mapping does not write is refused: taken, it would be lost without a word.
 *
 * Source  JSON Schema 2020-12, the subset of integration/schema/model.ts
 */
import { factsOf } from '../expression/facts.ts';
import type { ModelResource } from '../integration/mapping/model.ts';
import type { FieldSource, TypeName } from '../integration/mapping/model-source.ts';
import type { Mapping } from '../integration/mapping/plan.ts';
import type { Fault } from '../kernel/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../kernel/json.ts';

/** With an offset or Z, as the models answer instants. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** The record's own key: it is named by the path, or given by the provider. */
const ID = 'id';

export interface InputRules {
  readonly model: ModelResource;
  readonly mapping: Mapping;
  /** Fields that must be there: those the model requires, of a new record. */
  readonly needed: readonly string[];
  /** Fields that say where the record goes, rather than what is in it. */
  readonly params: readonly string[];
}

export function inputFaults(
  input: JsonObject,
  { model, mapping, needed, params }: InputRules,
): Fault[] {
  const writable = new Set([...writableFields(model, mapping), ...params]);
  const faults = Object.entries(input).flatMap(([name, value]) =>
    fieldFaults(name, value, model, writable),
  );
  for (const name of needed) {
    const isAbsent = input[name] === undefined || input[name] === null;
    // What cannot be written cannot be asked for.
    if (isAbsent && writable.has(name)) {
      faults.push({ path: name, message: 'is needed' });
    }
  }
  return faults;
}

function fieldFaults(
  name: string,
  value: Json,
  model: ModelResource,
  writable: ReadonlySet<string>,
): Fault[] {
  const field = Object.hasOwn(model.properties, name) ? model.properties[name] : undefined;
  if (!field) return [{ path: name, message: 'is not a field of the model' }];
  if (name === ID || field.readOnly) {
    return [{ path: name, message: 'is set by the provider and cannot be written' }];
  }
  if (!writable.has(name)) {
    return [{ path: name, message: 'cannot be written: the integration does not map it' }];
  }
  // Null clears; what the model requires, and free members, cannot be cleared.
  if (value === null && name !== 'custom_fields' && !model.required.includes(name)) return [];
  return [...valueFaults(value, field, name)];
}

const known = new WeakMap<Mapping, ReadonlySet<string>>();

/** Fields of the model that some expression of the mapping's `write` reads. */
export function writableFields(model: ModelResource, mapping: Mapping): ReadonlySet<string> {
  const found = known.get(mapping) ?? readFields(model, mapping);
  known.set(mapping, found);
  return found;
}

function readFields({ properties }: ModelResource, { write }: Mapping): ReadonlySet<string> {
  const read = Object.values(write ?? {}).flatMap(({ text }) => factsOf(text).inputPaths);
  const whole = read.some((path) => ['', '*', '**', 'input', 'input.*', 'input.**'].includes(path));
  const named = new Set(read.map((path) => path.split('.')[1]));
  return new Set(
    Object.entries(properties)
      .filter(([name, { readOnly }]) => name !== ID && !readOnly && (whole || named.has(name)))
      .map(([name]) => name),
  );
}

function* valueFaults(value: Json, field: FieldSource, path: string): Generator<Fault> {
  const types = typeof field.type === 'string' ? [field.type] : field.type;
  if (!types.some((type) => isOfType(value, type))) {
    yield { path, message: `must be ${types.join(' or ')}` };
    return;
  }
  if (Array.isArray(value)) yield* itemFaults(value, field, path);
  else if (isJsonObject(value)) yield* memberFaults(value, field, path);
  else yield* scalarFaults(value, field, path);
}

function* itemFaults(items: readonly Json[], { items: item }: FieldSource, path: string) {
  if (!item) return;
  for (const [index, value] of items.entries())
    yield* valueFaults(value, item, `${path}[${index}]`);
}

function* memberFaults(
  object: JsonObject,
  { properties, required = [] }: FieldSource,
  path: string,
): Generator<Fault> {
  if (!properties) return;
  for (const [name, value] of Object.entries(object)) {
    const member = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const at = `${path}.${name}`;
    if (!member) yield { path: at, message: 'is not a field of the model' };
    else if (value !== null || required.includes(name)) yield* valueFaults(value, member, at);
  }
  for (const name of required) {
    if (object[name] === undefined) yield { path: `${path}.${name}`, message: 'is needed' };
  }
}

function* scalarFaults(value: Json, field: FieldSource, path: string): Generator<Fault> {
  if (field.enum && !field.enum.some((one) => one === value)) {
    const known = field.enum.filter((one) => one !== null).join(', ');
    yield { path, message: `must be one of ${known}` };
  }
  if (field.format === undefined || value === null) return;
  const pattern = field.format === 'date' ? DAY : INSTANT;
  const text = String(value);
  if (pattern.test(text) && !Number.isNaN(Date.parse(text))) return;
  const what = field.format === 'date' ? 'a day' : 'an instant with its offset';
  yield { path, message: `must be ${what} in ISO 8601` };
}

function isOfType(value: Json, type: TypeName): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isJsonObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
