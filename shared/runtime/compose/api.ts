/** The router of a function, with keys, idempotency and the request log. */
import { createApiKeyStore } from '../../access/api-key-store.ts';
import { createAuthenticate } from '../../access/authenticate.ts';
import type { ServeApi } from '../../api/http/api-message.ts';
import type { Route } from '../../api/http/route.ts';
import { createRouter, type RequestRecord } from '../../api/http/router.ts';
import { createOncePerKey } from '../../api/idempotency/idempotency.ts';
import type { Log, Telemetry } from '../telemetry.ts';
import type { Storage } from './storage.ts';

interface ApiLimits {
  readonly maxBodyBytes: number;
  /** Longer than the function may run; absent where the function may not write idempotency records. */
  readonly attemptMs?: number;
}

export function createApi(
  storage: Storage,
  telemetry: Pick<Telemetry, 'log'>,
  routes: readonly Route[],
  { maxBodyBytes, attemptMs }: ApiLimits,
): ServeApi {
  const authenticate = createAuthenticate({
    apiKeys: createApiKeyStore(storage),
    clock: storage.clock,
  });
  return createRouter({
    routes,
    authenticate,
    ...(attemptMs !== undefined && { once: createOncePerKey({ ...storage, attemptMs }) }),
    maxBodyBytes,
    clock: storage.clock,
    ids: storage.ids,
    observe: (record, error) => logRequest(telemetry.log, record, error),
  });
}

function logRequest(log: Log, record: RequestRecord, error: unknown): void {
  const fields = {
    request_id: record.requestId,
    environment_id: record.environmentId,
    api_key_id: record.apiKeyId,
    method: record.method,
    route: record.route,
    status: record.status,
    code: record.code,
    latency_ms: record.latencyMs,
  };
  if (record.status >= 500) log.error('request failed', fields, error);
  else log.info('request', fields);
}
