/** Examples of times: each must be a sane one in the unit that its rule claims. */
import { readInstant, type TimeUnit } from '../../http/time-units.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';

/** Far from the instants of real answers, and still a sane date to read an example against. */
const EXAMPLE_NOW_MS = Date.UTC(2026, 0, 1);
const YEAR_MS = 366 * 86_400_000;
/** Examples that are instants are of a past or coming decade, whichever day they were written. */
const INSTANT_SPAN_MS = 30 * YEAR_MS;

export function checkExample(
  text: string | undefined,
  unit: TimeUnit,
  path: SourcePath,
  context: CompileContext,
): void {
  const atMs = text === undefined ? undefined : readInstant(text, unit, EXAMPLE_NOW_MS);
  const relative = !['epoch_s', 'epoch_ms', 'http_date', 'iso8601'].includes(unit);
  const spanMs = relative ? YEAR_MS : INSTANT_SPAN_MS;
  if (atMs === undefined || Math.abs(atMs - EXAMPLE_NOW_MS) > spanMs) {
    context.fault([...path, 'example'], `the example is no sane time in the unit ${unit}`);
  }
}
