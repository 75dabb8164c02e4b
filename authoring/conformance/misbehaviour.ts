/**
 * What a provider can do wrong, and what the engine must make of it. A misbehaviour is made from the
 * integration as it compiled and from the answers of its own fixtures; none knows any provider.
 *
 * Shape  a misbehaviour has plays, one for each form that the list at hand admits, or the reason why
 *        there is none
 */
import type { InboundResponse, OutboundRequest } from '#shared/http/http-message.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { ListUnderTest } from './list-under-test.ts';

export interface Asked {
  /** From 0. */
  readonly index: number;
  readonly request: OutboundRequest;
  readonly clock: Clock;
}

/** How one run against a misbehaving provider ended. */
export interface Played {
  readonly outcome:
    | { readonly kind: 'completed'; readonly records: readonly unknown[] }
    | { readonly kind: 'failed'; readonly error: unknown };
  readonly requests: readonly OutboundRequest[];
  /** When it ended. */
  readonly nowMs: number;
  /** How often the credential was said to be refused. */
  readonly renewals: number;
}

export interface Play {
  /** Which form of the misbehaviour: `Retry-After as a date`. */
  readonly form: string;
  answer(asked: Asked): InboundResponse | Promise<InboundResponse>;
  readonly nowMs?: number;
  /** Whether a refused credential can be renewed. */
  readonly renews?: boolean;
  /** What is wrong with how it ended; nothing where it is as it should be. */
  judge(played: Played): string | undefined;
}

export interface Misbehaviour {
  readonly code: string;
  /** What must become of it, for the report. */
  readonly expected: string;
  /** A text says why this list admits none. */
  plays(list: ListUnderTest): readonly Play[] | string;
}
