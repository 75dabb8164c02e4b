/**
 * The stretch of time that a list asks for: from since to its own start, in one or, where the
 * integration says so, in windows one after the other. It is the same for all pages.
 *
 * Windows touch: providers differ in whether an end is inclusive, and a record that comes twice does
 * no harm. A list in windows that nobody asked for changes begins where a first sync does.
 *
 * Units   instants: milliseconds since the epoch
 */
import * as z from 'zod';
import { formatInstant } from '../integration/incremental/instant-format.ts';
import type { Incremental } from '../integration/incremental/plan.ts';

export const span = z.strictObject({
  fromMs: z.number(),
  toMs: z.number(),
  /** When the list began: where the last window ends. */
  untilMs: z.number(),
});
export type Span = Readonly<z.output<typeof span>>;

/** Undefined where the provider is not told of any time. */
export function firstSpan(
  incremental: Incremental | undefined,
  sinceMs: number | undefined,
  nowMs: number,
): Span | undefined {
  if (!incremental) return undefined;
  const { window, lookbackMs, omitAtEpoch } = incremental;
  const askedMs = Math.max(0, (sinceMs ?? 0) - lookbackMs);
  if (window) {
    const { earliest, lengthMs } = window;
    const earliestMs = 'atMs' in earliest ? earliest.atMs : nowMs - earliest.agoMs;
    return windowFrom(Math.max(earliestMs, askedMs), lengthMs, nowMs);
  }
  if (sinceMs === undefined || (sinceMs <= 0 && omitAtEpoch)) return undefined;
  const untilMs = Math.max(nowMs, askedMs);
  return { fromMs: askedMs, toMs: untilMs, untilMs };
}

/** The window after `current`; undefined after the last. */
export function nextSpan(
  incremental: Incremental | undefined,
  current: Span | undefined,
): Span | undefined {
  const lengthMs = incremental?.window?.lengthMs;
  if (!current || lengthMs === undefined || current.toMs >= current.untilMs) return undefined;
  return windowFrom(current.toMs, lengthMs, current.untilMs);
}

function windowFrom(fromMs: number, lengthMs: number, endMs: number): Span {
  const untilMs = Math.max(fromMs, endMs);
  return { fromMs, toMs: Math.min(fromMs + lengthMs, untilMs), untilMs };
}

/** `since` and `until` of templates and expressions, as the provider writes instants. */
export interface Instants {
  readonly since?: string;
  readonly until?: string;
}

export function instantsOf(
  incremental: Incremental | undefined,
  current: Span | undefined,
): Instants {
  if (!incremental || !current) return {};
  return {
    since: formatInstant(current.fromMs, incremental.format),
    until: formatInstant(current.toMs, incremental.format),
  };
}
