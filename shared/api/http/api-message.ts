/**
 * HTTP as the API speaks it: what came in and what goes out, whatever front carries it.
 *
 * A body may hold a credential or a provider's data, so it is transient from the first byte.
 */
import type { Readable } from 'node:stream';
import type { Transient } from '../../kernel/transient.ts';

export interface ApiRequest {
  /** Upper case. */
  readonly method: string;
  /** As the front passed it on, percent-encoding included where it kept it; no query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names; several values of one header joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Transient<Uint8Array>;
  /** When the answer must be complete, in milliseconds since the epoch. */
  readonly deadlineMs: number;
}

export type AnswerBody =
  | { readonly kind: 'none' }
  /** `text`: the value, where it has been written already. */
  | { readonly kind: 'json'; readonly value: unknown; readonly text?: string }
  | { readonly kind: 'stream'; readonly bytes: Transient<Readable> };

export interface ApiAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnswerBody;
}

/** Answers every request, errors included: it never rejects. */
export type ServeApi = (request: ApiRequest) => Promise<ApiAnswer>;
