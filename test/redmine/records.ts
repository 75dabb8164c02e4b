/**
 * Records of a real Redmine by the unified API: list over pages, get, create, update, delete, and
 * what is answered where Redmine says no.
 */
import { type MillraceClient, MillraceError } from '../../client/millrace-client.ts';
import type { RecordFields } from '../../client/records.ts';
import type { Checks } from '../support/checks.ts';

export async function checkRecords(
  client: MillraceClient,
  accountId: string,
  { check }: Checks,
): Promise<void> {
  const tickets = client.unified(accountId, 'ticketing', 'tickets');
  const listed = await listAll(client, accountId);
  check(
    'a list pages through every issue once',
    new Set(listed.map(({ id }) => id)).size === listed.length && listed.length > 200,
    `${listed.length} tickets`,
  );

  const made = await tickets.create(
    { subject: 'By the API', custom_fields: { project_id: 'support' } },
    { idempotencyKey: 'redmine-1' },
  );
  const again = await tickets.create(
    { subject: 'By the API', custom_fields: { project_id: 'support' } },
    { idempotencyKey: 'redmine-1' },
  );
  check('the same key creates one issue', made['id'] === again['id'], String(made['id']));

  const id = String(made['id']);
  await tickets.update(id, { subject: 'Changed by the API' });
  const read = await tickets.get(id, { fields: ['id', 'subject'] });
  check(
    'a changed issue reads as it was changed',
    read['subject'] === 'Changed by the API' && Object.keys(read).length === 2,
    JSON.stringify(read),
  );

  await tickets.delete(id);
  check('a deleted issue is gone', (await codeOf(tickets.get(id))) === 'provider_error 404');
  const invalid = tickets.create({ subject: '', custom_fields: { project_id: 'support' } });
  check('what Redmine refuses is told', (await codeOf(invalid)) === 'provider_error 422');
  const unknown = tickets.create({ subject: 'x', colour: 'red' });
  check('a field that no model has is refused', (await codeOf(unknown)) === 'invalid_request 400');
}

async function listAll(client: MillraceClient, accountId: string): Promise<RecordFields[]> {
  const tickets = client.unified(accountId, 'ticketing', 'tickets');
  const all: RecordFields[] = [];
  let cursor: string | undefined;
  do {
    const page = await tickets.list({ limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    all.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'no error';
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    return `${error.problem.code} ${error.problem.status}`;
  }
}
