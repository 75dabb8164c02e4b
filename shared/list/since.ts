/** "What changed since": as parameters where the provider filters, as a filter of ours where not. */

import { formatInstant, readInstantText } from '../integration/incremental/instant-format.ts';
import type { Incremental, TimeFormat } from '../integration/incremental/plan.ts';
import type { Scope } from '../integration/template/scope.ts';
import type { Placed } from '../provider/build-request.ts';

/** What the provider is told, where `scope` has a since; nothing where an expression yields nothing. */
export function instantParams(
  incremental: Incremental | undefined,
  scope: Scope,
): readonly Placed[] {
  if (!incremental || scope['since'] === undefined) return [];
  const placed: Placed[] = [];
  for (const instant of [incremental.since, incremental.until]) {
    const value = instant?.value(scope);
    if (!instant || value === undefined || value === null) continue;
    placed.push({ param: instant.param, in: instant.in, value });
  }
  return placed;
}

/** `$params` and `$parent`, as every expression on a record sees them. */
type Bindings = Readonly<Record<string, unknown>>;

/** Whether a record is kept. One whose time cannot be read is: rather twice than never. */
export function changedSince(
  incremental: Incremental | undefined,
  sinceMs: number | undefined,
  record: unknown,
  bindings: Bindings,
): boolean {
  if (!incremental || incremental.mode === 'server' || sinceMs === undefined) return true;
  return !isBefore(incremental, sinceMs, record, bindings);
}

/** Whether a feed, newest first, has come to what is older than since: its last record says so. */
export function feedEnds(
  incremental: Incremental | undefined,
  sinceMs: number | undefined,
  records: readonly unknown[],
  bindings: Bindings,
): boolean {
  if (incremental?.mode !== 'feed' || sinceMs === undefined || records.length === 0) return false;
  return isBefore(incremental, sinceMs, records.at(-1), bindings);
}

function isBefore(
  incremental: Incremental,
  sinceMs: number,
  record: unknown,
  bindings: Bindings,
): boolean {
  const { cursor, format, lookbackMs } = incremental;
  const changedAtMs = readInstantText(cursor.evaluate(record, bindings), format);
  if (changedAtMs === undefined) return false;
  return changedAtMs < roundedDown(sinceMs - lookbackMs, format);
}

/** What the provider can tell, and whole seconds at most: it may have cut a fraction off. */
function roundedDown(atMs: number, format: TimeFormat): number {
  const told = readInstantText(formatInstant(Math.max(0, atMs), format), format);
  return Math.floor((told ?? atMs) / 1_000) * 1_000;
}
