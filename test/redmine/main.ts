/**
 * `npm run test:redmine`: a real third-party system, added by configuration only. A full sync, seven
 * changes, an incremental sync; what the consumer holds must be what Redmine's database holds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createChecks, skipTier } from '../support/checks.ts';
import { type HoldingConsumer, startHoldingConsumer } from '../support/doubles/held-records.ts';
import { type RuntimeProcess, startRuntimeProcess } from '../support/servers/runtime-process.ts';
import { subscribe, waitForRun } from '../support/worlds/sync-run.ts';
import { checkRecords } from './records.ts';
import { type RedmineServer, reasonAgainstRedmine, startRedmine } from './redmine-server.ts';

const ISSUES = 250;
const JOURNALS = 600;
const RUN_WITHIN_MS = 240_000;

const reason = reasonAgainstRedmine();
if (reason !== undefined) process.exit(skipTier('the Redmine tier', reason));

const checks = createChecks();
const redmine = await startRedmine();
const dataDir = mkdtempSync(join(tmpdir(), 'millrace-redmine-data-'));
const consumer = await startHoldingConsumer();
const runtime = await startRuntimeProcess(dataDir);
try {
  await compareSyncs(runtime, redmine, consumer);
  await checkRecords(runtime.client, await connectRedmine(runtime, redmine), checks);
} finally {
  await runtime.stop();
  await consumer.close();
  await redmine.close();
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit(checks.finish());

async function compareSyncs(
  { client }: RuntimeProcess,
  provider: RedmineServer,
  held: HoldingConsumer,
): Promise<void> {
  const accountId = await connectRedmine({ client }, provider);
  await subscribe(client, held);
  const since = { updated_at: { gt: '{{previous_run_date}}' } };
  const job = await client.createJob({
    name: 'redmine',
    integration_name: 'redmine',
    resources: [
      { resource: 'ticketing/users', method: 'list', query: since },
      { resource: 'ticketing/tickets', method: 'list', query: since },
      {
        resource: 'ticketing/comments',
        method: 'list',
        depends_on: 'ticketing/tickets',
        query: { ticket_id: '{{resources.ticketing.tickets.id}}', ...since },
      },
    ],
  });
  const run = async () => {
    const started = await client.startRun(job.id, { integrated_account_id: accountId });
    const ended = await waitForRun(client, started.id, RUN_WITHIN_MS);
    checks.check(
      'the run completes',
      ended.status === 'completed',
      JSON.stringify(ended.error ?? ended.resources),
    );
  };

  await run();
  checks.check(
    'all issues came',
    sizeOf(held, 'ticketing/tickets') === ISSUES,
    String(sizeOf(held, 'ticketing/tickets')),
  );
  checks.check(
    'all journals came',
    sizeOf(held, 'ticketing/comments') === JOURNALS,
    String(sizeOf(held, 'ticketing/comments')),
  );
  compareWithDatabase(provider, held, 'after the full sync');

  held.forget();
  const changed = await changeSeven(provider);
  await run();
  const tickets = [...(held.held.get('ticketing/tickets')?.keys() ?? [])].sort();
  checks.check(
    'the second run delivers the seven changed issues only',
    tickets.join() === changed.issues.sort().join(),
    tickets.join(),
  );
  checks.check(
    'and the five new journals only',
    sizeOf(held, 'ticketing/comments') === changed.journals,
    String(sizeOf(held, 'ticketing/comments')),
  );
  checks.check('and no user', sizeOf(held, 'ticketing/users') === 0);
  compareChanged(provider, held);
}

async function connectRedmine(
  { client }: Pick<RuntimeProcess, 'client'>,
  provider: RedmineServer,
): Promise<string> {
  await client.putTenant('helpdesk');
  const account = await client.importAccount({
    tenant_id: 'helpdesk',
    integration: 'redmine',
    auth: 'api_key',
    connection: { base_url: provider.url },
    credentials: { api_key: provider.apiKey },
  });
  await client.verifyAccount(account.id);
  return account.id;
}

/** Notes on five issues, and two new ones. */
async function changeSeven(
  provider: RedmineServer,
): Promise<{ issues: string[]; journals: number }> {
  const headers = { 'x-redmine-api-key': provider.apiKey, 'content-type': 'application/json' };
  const issues = ['11', '42', '99', '180', '250'];
  for (const id of issues) {
    const body = JSON.stringify({
      issue: { notes: `Changed ${id}`, subject: `Case ${id}, changed` },
    });
    const { status } = await fetch(`${provider.url}/issues/${id}.json`, {
      method: 'PUT',
      headers,
      body,
    });
    if (status !== 204) throw new Error(`Redmine answered ${status} to a change`);
  }
  for (const subject of ['New one', 'New two']) {
    const body = JSON.stringify({ issue: { project_id: 'support', subject } });
    const answer = await fetch(`${provider.url}/issues.json`, { method: 'POST', headers, body });
    const { issue }: { issue: { id: number } } = JSON.parse(await answer.text());
    issues.push(String(issue.id));
  }
  return { issues, journals: 5 };
}

function compareWithDatabase(provider: RedmineServer, held: HoldingConsumer, when: string): void {
  const issues = query(provider, 'SELECT id, subject, description FROM issues');
  const wrongIssues = issues.filter(({ id, subject, description }) => {
    const record = held.held.get('ticketing/tickets')?.get(String(id));
    return (
      record?.['subject'] !== subject || (record?.['description'] ?? '') !== (description ?? '')
    );
  });
  checks.check(
    `${when}, every issue equals its row`,
    wrongIssues.length === 0,
    `${issues.length} rows`,
  );
  const journals = query(provider, 'SELECT id, journalized_id, notes FROM journals');
  const wrongJournals = journals.filter(({ id, journalized_id: issueId, notes }) => {
    const record = held.held.get('ticketing/comments')?.get(String(id));
    return record?.['body'] !== notes || String(record?.['ticket_id']) !== String(issueId);
  });
  checks.check(
    `${when}, every journal equals its row`,
    wrongJournals.length === 0,
    `${journals.length} rows`,
  );
  const users = query(provider, "SELECT id FROM users WHERE type IN ('User') AND status = 1");
  const missing = users.filter(({ id }) => !held.held.get('ticketing/users')?.has(String(id)));
  checks.check(`${when}, every active user came`, missing.length === 0, `${users.length} rows`);
}

function compareChanged(provider: RedmineServer, held: HoldingConsumer): void {
  const rows = query(provider, 'SELECT id, subject FROM issues');
  const wrong = [...(held.held.get('ticketing/tickets') ?? [])].filter(
    ([id, record]) =>
      rows.find((row) => String(row['id']) === id)?.['subject'] !== record['subject'],
  );
  checks.check('what changed equals its row', wrong.length === 0);
}

function query(provider: RedmineServer, sql: string): readonly Record<string, unknown>[] {
  const database = new DatabaseSync(provider.database, { readOnly: true });
  const rows = database.prepare(sql).all();
  database.close();
  return rows;
}

function sizeOf({ held }: HoldingConsumer, resource: string): number {
  return held.get(resource)?.size ?? 0;
}
