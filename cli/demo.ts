/**
 * What `npm start` shows a newcomer: an account of the sandbox provider connected, one sync run, each
 * signature verified by a consumer of its own, and the counts compared with what the provider holds.
 */
import type { MillraceClient, SyncRun } from '../client/millrace-client.ts';
import type { Consumer, ConsumerTally } from '../local/sandbox/consumer.ts';
import type { Sandbox } from '../local/sandbox/provider.ts';
import { SANDBOX_CLIENT } from '../local/sandbox/tokens.ts';

const TENANT = 'acme';
const INTEGRATION = 'sandbox';
const DESCRIPTION = 'sandbox consumer';

const JOB = {
  name: 'sandbox ticketing',
  integration_name: INTEGRATION,
  resources: [
    { resource: 'ticketing/users', method: 'list' },
    {
      resource: 'ticketing/tickets',
      method: 'list',
      query: { updated_at: { gt: '{{previous_run_date}}' } },
    },
    {
      resource: 'ticketing/comments',
      method: 'list',
      depends_on: 'ticketing/tickets',
      query: { ticket_id: '{{resources.ticketing.tickets.id}}' },
    },
  ],
} as const;

export interface DemoRun {
  readonly accountId: string;
  readonly jobId: string;
  readonly run: SyncRun;
}

/** Connects an account, subscribes the consumer and starts the run. Safe to repeat on one data directory. */
export async function startDemo(
  client: MillraceClient,
  sandbox: Sandbox,
  consumer: Consumer,
): Promise<DemoRun> {
  await forgetEarlierDemo(client);
  await client.putTenant(TENANT, 'Acme Inc.');
  await client.putApp(INTEGRATION, {
    client_id: SANDBOX_CLIENT.id,
    client_secret: SANDBOX_CLIENT.secret,
  });
  const { accessToken, refreshToken, expiresInS } = sandbox.tokens.grant();
  const account = await client.importAccount({
    tenant_id: TENANT,
    integration: INTEGRATION,
    auth: 'oauth',
    connection: { base_url: sandbox.url },
    credentials: {
      access_token: accessToken,
      refresh_token: refreshToken,
      // Its host is the account's to choose, so the environment's client is not shown there.
      client_id: SANDBOX_CLIENT.id,
      client_secret: SANDBOX_CLIENT.secret,
      expires_at: new Date(Date.now() + expiresInS * 1_000).toISOString(),
    },
    label: 'Acme help desk',
  });
  await client.verifyAccount(account.id);
  const subscription = await client.createSubscription({
    url: consumer.url,
    events: ['sync_job_run:*'],
    description: DESCRIPTION,
  });
  consumer.trust(subscription.secret ?? '');
  const jobs = await client.listJobs();
  const job = jobs.data.find(({ name }) => name === JOB.name) ?? (await client.createJob(JOB));
  const run = await client.startRun(job.id, { integrated_account_id: account.id });
  return { accountId: account.id, jobId: job.id, run };
}

/** An earlier start's consumer and provider are gone with its process; their traces would only fail. */
async function forgetEarlierDemo(client: MillraceClient): Promise<void> {
  const { data: subscriptions } = await client.call<{
    readonly data: readonly { readonly id: string; readonly description?: string }[];
  }>('GET', '/v1/webhook-subscriptions?limit=200');
  for (const one of subscriptions.filter(({ description }) => description === DESCRIPTION)) {
    await client.deleteSubscription(one.id);
  }
  const { data: runs } = await client.listRuns();
  for (const run of runs) {
    if (['queued', 'running', 'rate_limited', 'paused'].includes(run.status))
      await client.cancelRun(run.id);
  }
}

export interface DemoSummary {
  readonly isComplete: boolean;
  readonly lines: readonly string[];
}

export function summariseDemo(run: SyncRun, tally: ConsumerTally, sandbox: Sandbox): DemoSummary {
  const expected: Readonly<Record<string, number>> = {
    'ticketing/users': sandbox.data.users.length,
    'ticketing/tickets': sandbox.data.tickets.length,
    'ticketing/comments': sandbox.data.comments.length,
  };
  const received = Object.entries(expected).map(([resource, count]) => ({
    resource,
    count,
    held: tally.records[resource] ?? 0,
  }));
  const isComplete =
    run.status === 'completed' &&
    tally.refused === 0 &&
    received.every(({ held, count }) => held === count);
  const limited = sandbox.statusCounts.get(429) ?? 0;
  return {
    isComplete,
    lines: [
      `Run ${run.id} ${run.status}.`,
      ...received.map(
        ({ resource, held, count }) =>
          `  ${resource.padEnd(22)} ${held} of ${count} received by the consumer`,
      ),
      `  ${tally.verified} deliveries, every signature verified: ${tally.refused === 0 ? 'yes' : `no, ${tally.refused} refused`}` +
        `; ${tally.redeliveries} redelivered`,
      `  the provider said 429 ${limited} times${limited > 0 ? '; the run waited and held no data' : ''}`,
    ],
  };
}

/** Three things to try next. */
export function describeNextSteps(
  apiUrl: string,
  apiKey: string,
  demo: DemoRun,
): readonly string[] {
  const auth = `-H 'Authorization: Bearer ${apiKey}'`;
  return [
    'Try:',
    `  curl -s ${auth} ${apiUrl}/v1/sync-runs/${demo.run.id}`,
    `  curl -sN ${auth} -H 'Content-Type: application/json' -X POST ${apiUrl}/v1/sync-jobs/${demo.jobId}/stream -d '{"integrated_account_id":"${demo.accountId}","full_resync":true}'`,
    `  curl -s ${auth} -H 'x-integrated-account-id: ${demo.accountId}' '${apiUrl}/v1/proxy/tickets?limit=2'`,
  ];
}
