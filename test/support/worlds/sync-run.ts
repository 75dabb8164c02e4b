/** What every end-to-end tier does with a runtime: connect, subscribe, run, wait. */
import type { MillraceClient, SyncRun } from '../../../client/millrace-client.ts';
import type { Consumer } from '../../../local/sandbox/consumer.ts';
import type { Sandbox } from '../../../local/sandbox/provider.ts';
import { SANDBOX_CLIENT } from '../../../local/sandbox/tokens.ts';

export const TICKETING_JOB = {
  name: 'ticketing',
  integration_name: 'sandbox',
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

const FINAL = new Set(['completed', 'failed', 'cancelled']);

export async function connectSandbox(client: MillraceClient, sandbox: Sandbox): Promise<string> {
  await client.putTenant('acme');
  const { accessToken, refreshToken, expiresInS } = sandbox.tokens.grant();
  const account = await client.importAccount({
    tenant_id: 'acme',
    integration: 'sandbox',
    auth: 'oauth',
    connection: { base_url: sandbox.url },
    credentials: {
      access_token: accessToken,
      refresh_token: refreshToken,
      client_id: SANDBOX_CLIENT.id,
      client_secret: SANDBOX_CLIENT.secret,
      expires_at: new Date(Date.now() + expiresInS * 1_000).toISOString(),
    },
  });
  return account.id;
}

export async function subscribe(client: MillraceClient, consumer: Consumer): Promise<string> {
  const subscription = await client.createSubscription({
    url: consumer.url,
    events: ['sync_job_run:*'],
  });
  consumer.trust(subscription.secret ?? '');
  return subscription.id;
}

/** Polls until the run has ended; `whileRunning` sees each state and may end the wait by `false`. */
export async function waitForRun(
  client: MillraceClient,
  runId: string,
  withinMs: number,
): Promise<SyncRun> {
  const untilMs = Date.now() + withinMs;
  for (;;) {
    const run = await client.getRun(runId);
    if (FINAL.has(run.status)) return run;
    if (Date.now() > untilMs) throw new Error(`the run is still ${run.status}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
