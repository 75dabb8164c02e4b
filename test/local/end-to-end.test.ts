/**
 * The whole of Millrace as a user runs it: the synthesised template in a process of its own, real
 * bundles, each function under its own role. A call that a role does not allow fails these tests
 * with the action's name.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../../local/sandbox/provider.ts';
import { type HoldingConsumer, startHoldingConsumer } from '../support/doubles/held-records.ts';
import { type RuntimeProcess, startRuntimeProcess } from '../support/servers/runtime-process.ts';
import {
  connectSandbox,
  subscribe,
  TICKETING_JOB,
  waitForRun,
} from '../support/worlds/sync-run.ts';

const SIZE = { tickets: 30, comments: 90 };
const WITHIN_MS = 120_000;

let folder: string;
let sandbox: Sandbox;
let consumer: HoldingConsumer;
let runtime: RuntimeProcess | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-end-to-end-'));
  sandbox = await startSandbox({ size: SIZE, rateLimit: { limit: 100_000, windowMs: 1_000 } });
  consumer = await startHoldingConsumer();
});

afterEach(async () => {
  await runtime?.stop();
  runtime = undefined;
  await sandbox.close();
  await consumer.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('Millrace from its template', () => {
  it(
    'syncs, streams and proxies with no call denied',
    async () => {
      runtime = await startRuntimeProcess(join(folder, 'data'));
      const { client, ready } = runtime;
      const accountId = await connectSandbox(client, sandbox);
      await client.verifyAccount(accountId);
      await subscribe(client, consumer);
      const job = await client.createJob(TICKETING_JOB);
      const run = await client.startRun(job.id, { integrated_account_id: accountId });
      const ended = await waitForRun(client, run.id, WITHIN_MS);

      expect(ended).toMatchObject({ status: 'completed', error: null });
      expect(consumer.held.get('ticketing/tickets')?.size).toBe(30);
      expect(consumer.held.get('ticketing/comments')?.size).toBe(90);
      expect(consumer.tally()).toMatchObject({ refused: 0, redeliveries: 0 });

      const watermark = await client.call<unknown>(
        'GET',
        `/v1/sync-jobs/${job.id}/cursors/${accountId}`,
      );
      expect(watermark).toMatchObject({ previous_run_date: ended.started_at });
      const headers = {
        authorization: `Bearer ${ready.admin_key}`,
        'content-type': 'application/json',
      };
      const stream = await fetch(`${ready.api_url}/v1/sync-jobs/${job.id}/stream`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ integrated_account_id: accountId, full_resync: true }),
      });
      const lines = (await stream.text()).trim().split('\n');
      expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'sync_job_run:completed' });
      const proxied = await fetch(`${ready.api_url}/v1/proxy/tickets?limit=2`, {
        headers: { ...headers, 'x-integrated-account-id': accountId },
      });
      expect(await proxied.json()).toMatchObject({ tickets: [{ id: 1_000 }, { id: 1_001 }] });
      expect(runtime.stderr()).toBe('');
    },
    WITHIN_MS,
  );

  it(
    'reads and writes records with no call denied',
    async () => {
      sandbox.data.tickets[2] = { ...sandbox.data.tickets[2]!, tags: 7 as never };
      runtime = await startRuntimeProcess(join(folder, 'data'));
      const { client } = runtime;
      const [accountId, otherId] = [
        await connectSandbox(client, sandbox),
        await connectSandbox(client, sandbox),
      ];
      const tickets = client.unified(accountId, 'ticketing', 'tickets');

      const first = await tickets.list({ limit: 20, fields: ['id', 'subject'] });
      const cursor = first.next_cursor ?? '';
      const last = await tickets.list({ limit: 20, fields: ['id'], cursor });
      expect(first.data[0]).toEqual({ id: '1000', subject: 'Printer does not load' });
      expect([...first.data, ...last.data]).toHaveLength(29);
      expect(first.errors).toEqual([
        { id: '1002', code: 'model_mismatch', message: 'tags[0] must be string' },
      ]);
      expect(last.next_cursor).toBeNull();
      const foreign = client.unified(otherId, 'ticketing', 'tickets').list({ limit: 20, cursor });
      await expect(foreign).rejects.toMatchObject({ problem: { code: 'invalid_cursor' } });

      const input = { subject: 'Door stuck', status: 'open', tags: ['vip'] };
      const once = { idempotencyKey: 'create-1' };
      const created = await tickets.create(input, once);
      const repeated = await tickets.create(input, once);
      expect(created).toMatchObject(input);
      expect(repeated).toEqual(created);
      expect(sandbox.data.tickets).toHaveLength(31);

      const id = String(created['id']);
      expect(await tickets.update(id, { status: 'solved' })).toMatchObject({ status: 'solved' });
      expect(await tickets.get(id)).toMatchObject({ ...input, status: 'solved' });
      await tickets.delete(id, { idempotencyKey: 'delete-1' });
      await expect(tickets.get(id)).rejects.toMatchObject({
        problem: { status: 404, code: 'provider_error', origin: 'provider' },
      });
      await expect(tickets.update('1000', { id: '1', colour: 'red' })).rejects.toMatchObject({
        problem: { code: 'invalid_request', errors: [{ path: 'id' }, { path: 'colour' }] },
      });

      const native = client.resources(accountId, 'tickets');
      const [raw] = (await native.list({ limit: 1 })).data;
      expect(raw).toEqual(sandbox.data.tickets[0]);
      expect(await client.accountCapabilities(accountId, true)).toMatchObject({
        integrated_account_id: accountId,
        models: { ticketing: { tickets: { verbs: expect.arrayContaining(['create', 'delete']) } } },
      });
      expect(runtime.stderr()).toBe('');
    },
    WITHIN_MS,
  );

  it(
    'names the denied action where a role lacks a permission',
    async () => {
      const assembly = join(folder, 'assembly');
      synthesiseInto(assembly);
      removePermission(
        join(assembly, 'Millrace.template.json'),
        'sync-step',
        'dynamodb:UpdateItem',
      );

      runtime = await startRuntimeProcess(join(folder, 'data'), ['--assembly', assembly]);
      const { client } = runtime;
      const accountId = await connectSandbox(client, sandbox);
      await subscribe(client, consumer);
      const job = await client.createJob(TICKETING_JOB);
      await client.startRun(job.id, { integrated_account_id: accountId });

      await untilWritten(
        () => runtime?.stderr() ?? '',
        /not authorized to perform: dynamodb:UpdateItem/,
      );
      expect(consumer.deliveries).toEqual([]);
    },
    WITHIN_MS,
  );
});

/** Node runs the scripts as they are; Jest would have to transform them. */
function synthesiseInto(directory: string): void {
  const script = `
    const { build } = await import('./scripts/build.ts');
    const { synthesise } = await import('./scripts/synth.ts');
    await build();
    synthesise({ outDir: process.argv[1] });`;
  execFileSync(process.execPath, ['--input-type=module', '-e', script, directory]);
}

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>
  >;
}

interface Statement {
  Action: string | string[];
}

function removePermission(file: string, functionName: string, action: string): void {
  const template: Template = JSON.parse(readFileSync(file, 'utf8'));
  const [fn] = Object.values(template.Resources).filter(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' &&
      JSON.stringify(Properties).includes(`"POWERTOOLS_SERVICE_NAME":"${functionName}"`),
  );
  const role = fn!.Properties['Role'] as { 'Fn::GetAtt': string[] };
  const roleId = role['Fn::GetAtt'][0]!;
  const policies = template.Resources[roleId]?.Properties['Policies'] as {
    PolicyDocument: { Statement: Statement[] };
  }[];
  for (const { PolicyDocument } of policies) {
    for (const statement of PolicyDocument.Statement) {
      statement.Action = [statement.Action].flat().filter((one) => one !== action);
    }
    PolicyDocument.Statement = PolicyDocument.Statement.filter(({ Action }) => Action.length > 0);
  }
  writeFileSync(file, JSON.stringify(template));
}

async function untilWritten(text: () => string, pattern: RegExp): Promise<void> {
  const untilMs = Date.now() + 30_000;
  while (!pattern.test(text())) {
    if (Date.now() > untilMs) throw new Error(`never written: ${pattern}\n${text()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
