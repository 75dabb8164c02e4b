/** A page of a list: what is asked, and what comes back. */
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { RateLimitState } from '../http/rate-limit.ts';
import type { Integration } from '../integration/document/plan.ts';
import type { ErrorRule } from '../integration/limits/plan.ts';
import type { Method, Resource } from '../integration/method/plan.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import type { Transient } from '../kernel/transient.ts';

export interface ListCall {
  readonly requestId: string;
  readonly account: IntegratedAccount;
  readonly integration: Integration;
  readonly resource: Resource;
  readonly method: Method;
  /** What the method's `params` name. */
  readonly params: Readonly<Record<string, Json>>;
  /** Further query parameters of the provider. */
  readonly query: Readonly<Record<string, Json>>;
  readonly sinceMs?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: Json;
  /** Further roots of the request: `parent`, `job`, `properties`. */
  readonly scope?: Readonly<Record<string, unknown>>;
  /** Tried before the method's: those of a mapping. */
  readonly errors?: readonly ErrorRule[];
}

export type ListedRecord =
  | { readonly kind: 'record'; readonly ref?: string; readonly value: Transient<JsonObject> }
  /** The provider says that it is gone. */
  | { readonly kind: 'deleted'; readonly ref?: string; readonly value: Transient<JsonObject> }
  | {
      readonly kind: 'rejected';
      readonly ref?: string;
      readonly code: string;
      readonly message: string;
    };

export interface ListedPage {
  readonly records: readonly ListedRecord[];
  readonly next?: JsonObject;
  /** As the answer told it. */
  readonly rateLimit?: RateLimitState;
  /** Of a piece: what it was asked for with in the end. */
  readonly params?: ListCall['params'];
}

export type ListPage = (call: ListCall) => Promise<ListedPage>;
