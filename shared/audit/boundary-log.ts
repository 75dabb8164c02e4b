/**
 * The boundary log: one line for each call to a provider. It is made from a {@link BoundaryCall},
 * which holds ids and figures only, so there is nothing to redact when it is written.
 *
 * Shape  snake_case members, times ISO 8601, `headers_redacted` always true: none are in it
 */
import { isoTime } from '../kernel/clock.ts';
import type { BoundaryCall } from '../wire/boundary-call.ts';

export type BoundaryLine = Readonly<Record<string, string | number | boolean>>;

/** Of a line that is written as JSON, which leaves out what is undefined. */
export function boundaryMembers(call: BoundaryCall) {
  const { rateLimit } = call;
  return {
    timestamp: isoTime(call.startedAtMs),
    request_id: call.requestId,
    environment_id: call.environmentId,
    tenant_id: call.tenantId,
    integrated_account_id: call.accountId,
    provider: call.integration,
    operation: call.operation,
    method: call.method,
    url: call.url,
    status: call.status,
    error_code: call.errorCode,
    latency_ms: call.latencyMs,
    provider_request_id: call.providerRequestId,
    ratelimit_limit: rateLimit?.limit,
    ratelimit_remaining: rateLimit?.remaining,
    ratelimit_reset:
      rateLimit?.resetAtMs === undefined ? undefined : Math.ceil(rateLimit.resetAtMs / 1_000),
    headers_redacted: true,
  };
}

export function boundaryLine(call: BoundaryCall): BoundaryLine {
  const line: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(boundaryMembers(call))) {
    if (value !== undefined) line[name] = value;
  }
  return line;
}
