/** HTTP as the core speaks it: what is sent and what came back, without a client's own types. */
import type { Readable } from 'node:stream';
import type { Transient } from '../kernel/transient.ts';

export interface OutboundRequest {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names. May hold a credential: never log. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Transient<string | Uint8Array | Readable>;
  /** Hard limit from the first byte sent to the last byte read. Default 15,000. */
  readonly timeoutMs?: number;
  /** An answer that grows beyond it is broken off, BodyTooLargeError. Default: no limit. */
  readonly maxBodyBytes?: number;
}

export interface InboundResponse {
  readonly status: number;
  /** Lower-case names; several values of one header joined by `, `, as RFC 9110 §5.3 allows. */
  readonly headers: Readonly<Record<string, string>>;
  /** Not read yet. Must be read or destroyed, else the connection leaks. */
  readonly body: Transient<Readable>;
}

/**
 * Sends one request; never follows a redirect, never retries.
 *
 * @throws ForbiddenAddressError, ProviderUnreachableError, ProviderTimeoutError, BodyTooLargeError
 *   (shared/http/request.ts)
 */
export type SendHttp = (request: OutboundRequest) => Promise<InboundResponse>;
