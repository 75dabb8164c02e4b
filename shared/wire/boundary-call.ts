/** What is known of one call to a provider once it has ended: ids and figures, never payload. */
import type { AccountId, EnvironmentId, TenantId } from '../kernel/id.ts';

export interface BoundaryCall {
  readonly requestId: string;
  readonly environmentId: EnvironmentId;
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  readonly integration: string;
  /** `tickets.list`, `verify`, `proxy`. */
  readonly operation: string;
  readonly method: string;
  /** Values of path and query replaced: `https://acme.example/api/tickets/{id}?page={}`. */
  readonly url: string;
  readonly startedAtMs: number;
  /** Until the headers, or the whole body where the engine reads it. */
  readonly latencyMs: number;
  /** Absent where no answer came. */
  readonly status?: number;
  /** Our code for the failure: `provider_timeout`, `rate_limited`. */
  readonly errorCode?: string;
  /** The provider's id of the request. */
  readonly providerRequestId?: string;
  readonly rateLimit?: {
    readonly limit?: number;
    readonly remaining?: number;
    readonly resetAtMs?: number;
  };
}

/** Told of every call; must not throw. */
export type ObserveCall = (call: BoundaryCall) => void;
