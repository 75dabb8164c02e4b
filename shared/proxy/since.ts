/**
 * "What changed since": as a parameter where the provider filters, as a filter of ours where not.
 *
 * Since is always rounded down to what the provider can tell, so that a record that changed within
 * the same second is fetched again rather than missed.
 */
import type { Incremental, TimeFormat } from '../integration/integration.ts';
import { isoTime } from '../kernel/clock.ts';
import type { Placed } from './build-request.ts';

export function formatSince(sinceMs: number, format: TimeFormat): string {
  switch (format) {
    case 'iso8601':
      return isoTime(sinceMs);
    case 'iso8601_seconds':
      return `${isoTime(sinceMs).slice(0, 19)}Z`;
    case 'epoch_s':
      return String(Math.floor(sinceMs / 1_000));
    case 'epoch_ms':
      return String(sinceMs);
    case 'date':
      return isoTime(sinceMs).slice(0, 10);
  }
}

/** Undefined where the provider is not to be asked. */
export function sinceParam(
  incremental: Incremental | undefined,
  sinceMs: number | undefined,
): Placed | undefined {
  if (!incremental?.since || sinceMs === undefined) return undefined;
  if (sinceMs <= 0 && incremental.omitAtEpoch) return undefined;
  const { param, in: place, value } = incremental.since;
  const fromMs = Math.max(0, sinceMs - incremental.lookbackMs);
  const since = formatSince(fromMs, incremental.format);
  return {
    param,
    in: place,
    value: value.render({ since }),
  };
}

/** Whether a record is kept. One whose time cannot be read is: rather twice than never. */
export function changedSince(
  incremental: Incremental | undefined,
  sinceMs: number | undefined,
  record: unknown,
): boolean {
  if (incremental?.mode !== 'client' || sinceMs === undefined) return true;
  const changedAtMs = readTime(incremental.cursor.evaluate(record), incremental.format);
  if (changedAtMs === undefined) return true;
  const granuleMs = incremental.format === 'date' ? 86_400_000 : 1_000;
  return changedAtMs >= Math.floor((sinceMs - incremental.lookbackMs) / granuleMs) * granuleMs;
}

function readTime(value: unknown, format: TimeFormat): number | undefined {
  const unitMs = format === 'epoch_s' ? 1_000 : format === 'epoch_ms' ? 1 : undefined;
  const atMs = unitMs === undefined ? Date.parse(String(value)) : Number(value) * unitMs;
  return Number.isFinite(atMs) ? atMs : undefined;
}
