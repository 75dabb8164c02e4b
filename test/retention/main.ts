/**
 * `npm run prove:retention`: plants markers in every field of a provider's records and in its error
 * messages, syncs them by webhook and by stream, calls the proxy, and looks for the markers in every
 * file, table, queue and log that is left. Then plants a leak and checks that the same scan finds it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxData } from '../../local/sandbox/data.ts';
import { type Sandbox, startSandbox } from '../../local/sandbox/provider.ts';
import { createChecks } from '../support/checks.ts';
import { type HoldingConsumer, startHoldingConsumer } from '../support/doubles/held-records.ts';
import { type RuntimeProcess, startRuntimeProcess } from '../support/servers/runtime-process.ts';
import {
  connectSandbox,
  subscribe,
  TICKETING_JOB,
  waitForRun,
} from '../support/worlds/sync-run.ts';
import { type ScanReport, scanForMarkers } from './scan.ts';

const MARKER = 'cAnArY7f3e9b21';
/** Ids are numbers, so their marker is a run of digits. */
const ID_MARKER = '8180339887';
const LEAK = 'pLaNtEdLeAk55d0';

const checks = createChecks();
const dataDir = mkdtempSync(join(tmpdir(), 'millrace-retention-'));
try {
  await prove();
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit(checks.finish());

async function prove(): Promise<void> {
  const sandbox = await startSandbox({
    prepare: plant,
    rateLimit: { limit: 150, windowMs: 1_000 },
    intercept: (_method, url) =>
      url.pathname.endsWith('3/comments')
        ? { status: 422, body: { error: { code: 'invalid', message: `${MARKER} is not valid` } } }
        : undefined,
  });
  const consumer = await startHoldingConsumer({
    answer: (_event, n) => (n % 11 === 0 ? 503 : 200),
  });
  const runtime = await startRuntimeProcess(dataDir);
  const accountId = await connectSandbox(runtime.client, sandbox);
  await exercise(runtime, consumer, accountId);
  checkReached(consumer);

  report('while the runtime is up, files and logs', await scanForMarkersInLog(runtime));
  await runtime.stop();
  report('after the runs', await scanForMarkers(dataDir, [MARKER, ID_MARKER]));
  await plantLeak(sandbox, accountId);
  await sandbox.close();
  await consumer.close();
}

function plant(data: SandboxData): void {
  const mark = (record: object): object =>
    Object.fromEntries(
      Object.entries(record).map(([name, value]) => {
        if (/(^|_)id$/.test(name) && typeof value === 'number')
          return [name, Number(ID_MARKER) * 1_000_000 + value];
        if (/_at$/.test(name) || typeof value === 'boolean') return [name, value];
        if (Array.isArray(value)) return [name, [`${MARKER}-${name}`]];
        return [name, typeof value === 'string' ? `${value} ${MARKER}-${name}` : value];
      }),
    );
  for (const list of Object.values(data)) {
    // What the sandbox remembers beside its records is no payload.
    if (Array.isArray(list)) list.splice(0, list.length, ...list.map(mark));
  }
}

async function exercise(
  runtime: RuntimeProcess,
  consumer: HoldingConsumer,
  accountId: string,
): Promise<void> {
  const { client, ready } = runtime;
  await subscribe(client, consumer);
  const job = await client.createJob(TICKETING_JOB);
  const run = await client.startRun(job.id, { integrated_account_id: accountId });
  const ended = await waitForRun(client, run.id, 180_000);
  checks.check(
    'the sync completes',
    ended.status === 'completed',
    `${ended.status}, ${ended.rate_limited_count} × rate limited`,
  );
  const failing = await client.createJob({
    ...TICKETING_JOB,
    name: 'fail fast',
    error_handling: 'fail_fast',
  });
  const failed = await client.startRun(failing.id, { integrated_account_id: accountId });
  const failedEnd = await waitForRun(client, failed.id, 180_000);
  checks.check(
    'the failing sync fails',
    failedEnd.status === 'failed',
    failedEnd.error?.code ?? 'no error',
  );

  const headers = {
    authorization: `Bearer ${ready.admin_key}`,
    'content-type': 'application/json',
  };
  const stream = await fetch(`${ready.api_url}/v1/sync-jobs/${job.id}/stream`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ integrated_account_id: accountId, full_resync: true }),
  });
  const text = await stream.text();
  checks.check(
    'the stream carries the records',
    text.includes(MARKER),
    `${text.split('\n').length} lines`,
  );
  const proxied = await fetch(`${ready.api_url}/v1/proxy/users?q=${MARKER}`, {
    headers: { ...headers, 'x-integrated-account-id': accountId },
  });
  checks.check(
    'the proxy carries the records',
    (await proxied.text()).includes(MARKER),
    String(proxied.status),
  );
  await exerciseRecords(runtime, accountId);
}

/** Read, written, refused, and tried on a mapping: by the unified API and the dry run. */
async function exerciseRecords({ client, ready }: RuntimeProcess, accountId: string) {
  const tickets = client.unified(accountId, 'ticketing', 'tickets');
  const page = await tickets.list({ limit: 20, include_remote_data: true });
  const made = await tickets.create({ subject: `made ${MARKER}` }, { idempotencyKey: 'retention' });
  await tickets.update(String(made['id']), { subject: `changed ${MARKER}` });
  await tickets.create({ subject: MARKER, [MARKER]: MARKER }).catch(() => undefined);
  const trial = await fetch(`${ready.api_url}/v1/mappings/test`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ready.admin_key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ integration: 'sandbox', model: 'ticketing', resource: 'tickets', method: 'list' },
      sample: { id: 1, subject: MARKER },
    }),
  });
  checks.check(
    'the unified API and the dry run carry the records',
    JSON.stringify(page).includes(MARKER) && (await trial.text()).includes(MARKER),
    `${page.data.length} tickets, ${trial.status}`,
  );
}

function checkReached({ held }: HoldingConsumer): void {
  const records = [...held.values()].flatMap((ofResource) => [...ofResource.values()]);
  const text = JSON.stringify(records);
  checks.check(
    'the markers reached the consumer',
    text.includes(MARKER) && text.includes(ID_MARKER),
    `${records.length} records`,
  );
}

async function scanForMarkersInLog(runtime: RuntimeProcess): Promise<ScanReport> {
  const { readFile } = await import('node:fs/promises');
  const log = await readFile(runtime.ready.log_file, 'utf8');
  const found = [MARKER, ID_MARKER].filter(
    (marker) => log.includes(marker) || runtime.stderr().includes(marker),
  );
  return {
    files: 1,
    bytes: log.length,
    rows: log.split('\n').length,
    findings: found.map((marker) => ({ place: 'log', marker, spelling: 'plain' })),
  };
}

function report(when: string, scan: ScanReport): void {
  checks.note(`${when}: ${scan.files} files, ${scan.bytes} bytes, ${scan.rows} rows`);
  checks.check(
    `${when}, no marker is anywhere`,
    scan.findings.length === 0,
    scan.findings.map((one) => `${one.place} (${one.spelling})`).join('; ') || 'none found',
  );
}

/** A label is kept by design: it travels the same way to the disk as a leak would. */
async function plantLeak(sandbox: Sandbox, accountId: string): Promise<void> {
  const runtime = await startRuntimeProcess(dataDir);
  await runtime.client.call('PATCH', `/v1/integrated-accounts/${accountId}`, { label: LEAK });
  await runtime.stop();
  const { findings } = await scanForMarkers(dataDir, [LEAK]);
  checks.check(
    'the same scan finds a leak planted on purpose',
    findings.length > 0,
    findings.map(({ place }) => place).join('; '),
  );
  checks.note(
    `the sandbox answered ${[...sandbox.statusCounts].map(([status, count]) => `${count} × ${status}`).join(', ')}`,
  );
}
