/** What changed since, compiled: see schema/incremental.ts. */
import type { Expression } from '../../expression/expression.ts';
import type { PlacedParam } from '../paging/plan.ts';
import type { ValueOf } from '../template/scope.ts';

export type TimeFormat =
  | 'iso8601'
  | 'iso8601_seconds'
  | 'epoch_s'
  | 'epoch_ms'
  | 'date'
  | 'http_date'
  /** Of JSONata's `$fromMillis`; UTC. */
  | { readonly picture: string };

/** Where one end of the time asked for goes. `value` sees the roots of a request. */
export type PlacedInstant = PlacedParam & { readonly value: ValueOf };

/** Where a first sync begins. */
export type Earliest = { readonly atMs: number } | { readonly agoMs: number };

export interface Incremental {
  /** On the record. */
  readonly cursor: Expression;
  readonly format: TimeFormat;
  readonly mode: 'server' | 'client' | 'feed';
  readonly since: PlacedInstant | undefined;
  readonly until: PlacedInstant | undefined;
  /** Asks for one stretch after the other. */
  readonly window: { readonly lengthMs: number; readonly earliest: Earliest } | undefined;
  readonly lookbackMs: number;
  readonly omitAtEpoch: boolean;
}
