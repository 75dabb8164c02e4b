/** Contacts: listed whole and by what changed, read, written, and what is refused. */
import { isJsonObject, type Json, type JsonObject } from '../../shared/kernel/json.ts';
import { refusalOf } from '../support/builders/refusal.ts';
import type { Checks } from '../support/checks.ts';
import type { LiveAccount } from '../support/worlds/live-account.ts';
import type { ParseServer } from './parse-server.ts';

const CONTACTS = 250;
/** At a time. */
const BATCH = 10;

export interface Stage {
  readonly checks: Checks;
  readonly parse: ParseServer;
  readonly account: LiveAccount;
}

export async function seedContacts(parse: ParseServer): Promise<void> {
  const text = { type: 'String' };
  const fields = {
    firstName: text,
    lastName: text,
    email: text,
    phone: text,
    score: { type: 'Number' },
  };
  await parse.ask('POST', '/schemas/Contact', { className: 'Contact', fields });
  for (let from = 1; from <= CONTACTS; from += BATCH) {
    const made = Array.from({ length: BATCH }, (_, index) =>
      parse.ask('POST', '/classes/Contact', aContact(from + index)),
    );
    await Promise.all(made);
  }
}

function aContact(n: number): JsonObject {
  return {
    firstName: `First ${n}`,
    lastName: 'Müller & Söhne',
    email: `c${n}@acme.example`,
    score: n,
  };
}

export async function checkLists({ checks, parse, account }: Stage): Promise<void> {
  const { records, pages, leftOut } = await account.list('crm/contacts', { limit: 60 });
  const theirs = await contactsOf(parse);
  checks.check(
    'every contact, over pages, the last of them empty',
    theirs.length === CONTACTS &&
      leftOut === 0 &&
      pages === 6 &&
      sameTexts(texts(records, 'id'), texts(theirs, 'objectId')),
    `${records.length} in ${pages}`,
  );
  const wrong = theirs.filter((row) => {
    const ours = records.find((record) => record['id'] === row['objectId']);
    return ours?.['first_name'] !== row['firstName'] || ours?.['updated_at'] !== row['updatedAt'];
  });
  checks.check('every contact equals its object', wrong.length === 0, `${theirs.length} objects`);
  const { results, count } = members(await parse.ask('GET', '/classes/Contact?count=1&limit=0'));
  checks.note(
    `the server counts ${String(count)} of them, and lists ${rows(results).length} with limit 0`,
  );

  const latest = texts(theirs, 'updatedAt').sort().at(-1) ?? '';
  const changed = ['3', '77', '250'].map((n) => `First ${n}`);
  for (const row of theirs.filter((one) => changed.includes(String(one['firstName'])))) {
    await parse.ask('PUT', `/classes/Contact/${row['objectId']}`, { phone: '+49 30 1' });
  }
  const synced = await account.sync('crm/contacts', { updated_at: { gt: latest } });
  checks.check(
    'what changed since the latest is listed, and nothing else',
    sameTexts(texts(synced, 'first_name'), changed),
    texts(synced, 'first_name').join(),
  );
  checks.check(
    'with what changed',
    synced.every((one) => JSON.stringify(one['phone_numbers']).includes('+49 30 1')),
  );
}

export async function checkWrites({ checks, parse, account }: Stage): Promise<void> {
  const input = {
    first_name: 'Ada',
    last_name: 'Lovelace',
    email_addresses: [{ email: 'ada@acme.example' }],
    custom_fields: { score: 4.5 },
  };
  const { id = '', record } = await account.write('create', 'crm/contacts', { input });
  const created = members(await parse.ask('GET', `/classes/Contact/${id}`));
  checks.check(
    'a contact is created, and answered whole though the server answers an id',
    created['email'] === 'ada@acme.example' &&
      created['score'] === 4.5 &&
      record?.['last_name'] === 'Lovelace',
    JSON.stringify(record),
  );
  const got = await account.get('crm/contacts', id);
  checks.check('and read', JSON.stringify(got) === JSON.stringify(record));
  const updated = await account.write('update', 'crm/contacts', {
    id,
    input: { last_name: 'King' },
  });
  const after = members(await parse.ask('GET', `/classes/Contact/${id}`));
  checks.check(
    'an update changes what it names, and nothing else',
    after['lastName'] === 'King' &&
      after['email'] === 'ada@acme.example' &&
      updated.record?.['last_name'] === 'King',
  );
  await account.write('delete', 'crm/contacts', { id });
  const gone = members(await parse.ask('GET', `/classes/Contact/${id}`));
  checks.check('a deletion', gone['code'] === 101, JSON.stringify(gone));
}

export async function checkRefusals({ checks, account }: Stage): Promise<void> {
  const absent = await refusalOf(account.get('crm/contacts', 'nobodysId1'));
  checks.check(
    'a contact that is not there',
    absent.text === 'not_found of 404' && absent.providerCode === '101',
    `${absent.text}, ${absent.providerCode}`,
  );
  const gone = await refusalOf(account.write('delete', 'crm/contacts', { id: 'nobodysId1' }));
  checks.check('which cannot be deleted', gone.text === 'not_found of 404', gone.text);
  const invalid = await refusalOf(
    account.write('create', 'contacts', { input: { score: 'much' } }),
  );
  checks.check(
    'a text where a number belongs',
    invalid.text === 'validation of 400' && invalid.providerCode === '111',
    `${invalid.text}, ${invalid.providerCode}`,
  );
}

async function contactsOf(parse: ParseServer): Promise<readonly JsonObject[]> {
  return rows(members(await parse.ask('GET', '/classes/Contact?limit=1000'))['results']);
}

function members(value: Json): JsonObject {
  return isJsonObject(value) ? value : {};
}

function rows(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function texts(records: readonly JsonObject[], name: string): string[] {
  return records.map((record) => String(record[name]));
}

function sameTexts(ours: readonly string[], theirs: readonly string[]): boolean {
  return [...ours].sort().join() === [...theirs].sort().join();
}
