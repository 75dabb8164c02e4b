/**
 * The TypeScript client: one method per thing the API does, problem+json as typed errors.
 *
 * Errors  {@link MillraceError} for every answer that is not 2xx
 */
import { recordCalls } from './records.ts';

export interface ClientOptions {
  /** `http://127.0.0.1:4100`, without a trailing slash. */
  readonly url: string;
  readonly apiKey: string;
  /** For tests and proxies; default the global fetch. */
  readonly fetch?: typeof fetch;
}

/** RFC 9457 problem details, as docs/errors.md lists them. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly origin: 'caller' | 'platform' | 'provider' | 'tenant_key' | 'network';
  readonly retryable: boolean;
  readonly request_id: string;
  readonly errors?: readonly {
    readonly path: string;
    readonly message: string;
    readonly line?: number;
  }[];
}

export class MillraceError extends Error {
  override readonly name = 'MillraceError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
  }
}

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly next_cursor: string | null;
}

export interface Account {
  readonly id: string;
  readonly tenant_id: string;
  readonly integration: string;
  readonly auth: string;
  readonly status: string;
  readonly status_reason: string | null;
}

export interface SyncJob {
  readonly id: string;
  readonly name: string;
  readonly integration_name: string;
}

export interface SyncRun {
  readonly id: string;
  readonly sync_job_id: string;
  readonly integrated_account_id: string;
  readonly status:
    | 'queued'
    | 'running'
    | 'rate_limited'
    | 'paused'
    | 'completed'
    | 'failed'
    | 'cancelled';
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly previous_run_date: string;
  readonly resources: Readonly<
    Record<string, { readonly fetched: number; readonly emitted: number; readonly errored: number }>
  >;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly rate_limited_count: number;
  readonly resume_at: string | null;
}

export interface Subscription {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly secret?: string;
}

export type MillraceClient = ReturnType<typeof createMillraceClient>;

export function createMillraceClient(options: ClientOptions) {
  const send = options.fetch ?? fetch;

  async function call<Answer>(
    method: string,
    path: string,
    body?: unknown,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await send(`${options.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...more,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new MillraceError(await readProblem(response));
    // The OpenAPI document is the promise that an answer has the shape its caller names.
    return JSON.parse((await response.text()) || 'null');
  }

  return {
    call,
    ...recordCalls(call),
    putTenant: (id: string, name?: string) =>
      call<unknown>(
        'PUT',
        `/v1/tenants/${encodeURIComponent(id)}`,
        name === undefined ? {} : { name },
      ),
    importAccount: (account: {
      readonly tenant_id: string;
      readonly integration: string;
      readonly auth: string;
      readonly credentials: Readonly<Record<string, string | number>>;
      readonly connection?: Readonly<Record<string, string>>;
      readonly label?: string;
    }) => call<Account>('POST', '/v1/integrated-accounts', account),
    verifyAccount: (id: string) =>
      call<unknown>('POST', `/v1/integrated-accounts/${id}/verify`, {}),
    listAccounts: () => call<Page<Account>>('GET', '/v1/integrated-accounts?limit=200'),
    createJob: (job: unknown) => call<SyncJob>('POST', '/v1/sync-jobs', job),
    listJobs: () => call<Page<SyncJob>>('GET', '/v1/sync-jobs?limit=200'),
    startRun: (
      jobId: string,
      run: {
        readonly integrated_account_id: string;
        readonly full_resync?: boolean;
        readonly args?: Readonly<Record<string, unknown>>;
      },
    ) => call<SyncRun>('POST', `/v1/sync-jobs/${jobId}/runs`, run),
    getRun: (id: string) => call<SyncRun>('GET', `/v1/sync-runs/${id}`),
    listRuns: (query = '') => call<Page<SyncRun>>('GET', `/v1/sync-runs?limit=50${query}`),
    cancelRun: (id: string) => call<SyncRun>('POST', `/v1/sync-runs/${id}/cancel`, {}),
    createSubscription: (subscription: {
      readonly url: string;
      readonly events: readonly string[];
      readonly description?: string;
    }) => call<Subscription>('POST', '/v1/webhook-subscriptions', subscription),
    listSubscriptions: () => call<Page<Subscription>>('GET', '/v1/webhook-subscriptions?limit=200'),
    deleteSubscription: (id: string) => call<void>('DELETE', `/v1/webhook-subscriptions/${id}`),
    putApp: (integration: string, app: Readonly<Record<string, string>>) =>
      call<unknown>('PUT', `/v1/integrations/${integration}/app`, app),
  };
}

async function readProblem(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    // Not ours: an answer of something between us and the API.
    return {
      type: 'about:blank',
      title: response.statusText,
      status: response.status,
      code: 'unexpected_answer',
      detail: `the answer was not JSON (status ${response.status})`,
      origin: 'network',
      retryable: response.status >= 500,
      request_id: response.headers.get('x-request-id') ?? '',
    };
  }
}
