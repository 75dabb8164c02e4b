/**
 * `npm run test:fault`: the runtime dies by SIGKILL in the middle of a run, twice, and the consumer
 * refuses some deliveries; the run must finish with nothing lost and redeliveries told by their ids.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../local/sandbox/provider.ts';
import { type Checks, createChecks } from '../support/checks.ts';
import {
  type HoldingConsumer,
  recordsOf,
  startHoldingConsumer,
} from '../support/doubles/held-records.ts';
import { type RuntimeProcess, startRuntimeProcess } from '../support/servers/runtime-process.ts';
import {
  connectSandbox,
  subscribe,
  TICKETING_JOB,
  waitForRun,
} from '../support/worlds/sync-run.ts';

const TICKETS = 500;
const COMMENTS = 1_500;
/** Short times, so that a dead worker's lease lapses in seconds. */
const SETTINGS = [
  'providerTimeoutMs=2000',
  'deliveryTimeoutMs=2000',
  'leaseMs=6000',
  'stepBudgetMs=4000',
  'consumerBackoffMinMs=200',
].flatMap((one) => ['--set', one]);

const checks = createChecks();
const dataDir = mkdtempSync(join(tmpdir(), 'millrace-fault-'));
const sandbox = await startSandbox({
  latencyMs: 5,
  rateLimit: { limit: 100_000, windowMs: 1_000 },
});
const refused: string[] = [];
const consumer = await startHoldingConsumer({
  latencyMs: 5,
  // Every ninth delivery fails, so that redeliveries happen for two reasons at once.
  answer: (event, delivery) => {
    if (delivery % 9 !== 0) return 200;
    refused.push(event.id);
    return 500;
  },
});
try {
  await survive(checks);
} finally {
  await sandbox.close();
  await consumer.close();
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit(checks.finish());

async function survive({ check, note }: Checks): Promise<void> {
  let runtime = await startRuntimeProcess(dataDir, SETTINGS);
  const accountId = await connectSandbox(runtime.client, sandbox);
  await subscribe(runtime.client, consumer);
  const job = await runtime.client.createJob(TICKETING_JOB);
  const run = await runtime.client.startRun(job.id, { integrated_account_id: accountId });

  for (const share of [0.25, 0.6]) {
    await untilDelivered(Math.floor(share * (TICKETS + COMMENTS)));
    await runtime.kill();
    const atKill = countHeld(consumer);
    note(`killed with ${atKill} records delivered`);
    runtime = await startRuntimeProcess(dataDir, SETTINGS);
    const afterKill = await runtime.client.getRun(run.id);
    const committed = Object.values(afterKill.resources).reduce((sum, one) => sum + one.emitted, 0);
    check(
      'the checkpoint is not ahead of delivery',
      committed <= countHeld(consumer),
      `${committed} ≤ ${countHeld(consumer)}`,
    );
  }

  const ended = await waitForRun(runtime.client, run.id, 180_000);
  check('the run finishes', ended.status === 'completed', ended.status);
  check('every ticket was delivered', consumer.held.get('ticketing/tickets')?.size === TICKETS);
  check('every comment was delivered', consumer.held.get('ticketing/comments')?.size === COMMENTS);
  checkRedeliveries(consumer, checks);
  await checkWatermark(runtime, job.id, accountId);
  await runtime.stop();
}

/** The same id must carry the same records, and every refused event must come again. */
function checkRedeliveries({ deliveries }: HoldingConsumer, { check, note }: Checks): void {
  const byId = new Map<string, string[]>();
  for (const event of deliveries) {
    const content = recordsOf(event)
      .map((record) => String(record['id']))
      .join(',');
    byId.set(event.id, [...(byId.get(event.id) ?? []), content]);
  }
  const again = [...byId.values()].filter((contents) => contents.length > 1);
  note(`${deliveries.length} deliveries of ${byId.size} events, ${again.length} more than once`);
  check('redeliveries happened', again.length > 0);
  check(
    'a redelivery carries what the first carried',
    again.every((contents) => new Set(contents).size === 1),
  );
  check(
    'each refused event came again',
    refused.every((id) => (byId.get(id)?.length ?? 0) > 1),
  );

  const idsByRecord = new Map<string, Set<string>>();
  for (const event of deliveries) {
    for (const record of recordsOf(event)) {
      const key = `${event.data['resource']} ${record['id']}`;
      idsByRecord.set(key, (idsByRecord.get(key) ?? new Set()).add(event.id));
    }
  }
  const renamed = [...idsByRecord.values()].filter((ids) => ids.size > 1).length;
  check('no record came under two event ids', renamed === 0, `${renamed} did`);
  const sequences = [
    ...new Map(deliveries.map((event) => [event.id, event.sequence ?? -1])).values(),
  ].sort((a, b) => a - b);
  const hasGap = sequences.some(
    (sequence, index) => index > 0 && sequence !== (sequences[index - 1] ?? 0) + 1,
  );
  check('the sequence of events has no gap', !hasGap);
}

async function checkWatermark(
  runtime: RuntimeProcess,
  jobId: string,
  accountId: string,
): Promise<void> {
  const cursor = await runtime.client.call<{ readonly previous_run_date: string }>(
    'GET',
    `/v1/sync-jobs/${jobId}/cursors/${accountId}`,
  );
  checks.check('the watermark moved once the run was complete', cursor.previous_run_date > '2026');
}

async function untilDelivered(count: number): Promise<void> {
  const untilMs = Date.now() + 120_000;
  while (countHeld(consumer) < count) {
    if (Date.now() > untilMs)
      throw new Error(`only ${countHeld(consumer)} of ${count} records came`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function countHeld({ held }: HoldingConsumer): number {
  return ['ticketing/tickets', 'ticketing/comments'].reduce(
    (sum, name) => sum + (held.get(name)?.size ?? 0),
    0,
  );
}
