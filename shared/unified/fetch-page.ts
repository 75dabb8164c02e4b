/**
 * One page of one resource of one account, already mapped: what a sync run knows of providers.
 */
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import type { Transient } from '../kernel/transient.ts';

/** The provider's "next", as the pagination kind keeps it. May embed query values: seal it. */
export type PageCursor = Json;

export interface PageRequest {
  readonly requestId: string;
  readonly account: IntegratedAccount;
  /** `ticketing/tickets` (unified) or `tickets` (the integration's own). */
  readonly resource: string;
  readonly method: string;
  /** Unified filters, or native parameters; `include_remote_data: true` on request. */
  readonly query: Transient<JsonObject>;
  /** Absent on the first page. */
  readonly cursor?: PageCursor;
}

export type SourceRecord =
  | { readonly kind: 'record'; readonly ref?: string; readonly value: Transient<JsonObject> }
  /** A record that does not fit its model: quarantined, the page goes on. */
  | {
      readonly kind: 'rejected';
      readonly ref?: string;
      readonly code: string;
      /** Structural reason; no value of the record. */
      readonly message: string;
    };

export interface SourcePage {
  readonly records: readonly SourceRecord[];
  /** Absent on the last page. */
  readonly next?: PageCursor;
}

/**
 * @throws RateLimitedError, NeedsReauthError, ProviderError (shared/wire), ProviderUnreachableError,
 *   ProviderTimeoutError (shared/http); UnprocessableError and InvalidRequestError where the request
 *   cannot be made; all AppErrors
 */
export type FetchPage = (request: PageRequest) => Promise<SourcePage>;
