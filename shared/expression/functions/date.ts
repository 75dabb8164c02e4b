/** Dates: $now, $millis, $fromMillis, $toMillis. Time stands still during an evaluation. */
import { ExpressionEvaluationError } from '../errors.ts';
import { define, type Family, numberAt, textAt } from './builtin.ts';
import { formatDate } from './date-format.ts';
import { parseDate } from './date-parse.ts';

const ISO_8601 =
  /^\d{4}(-[01]\d)?(-[0-3]\d)?(T[0-2]\d:[0-5]\d:[0-5]\d)?(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$/;

export const DATE: Family = {
  now: define('<s?s?:s>', 2, (args, run) =>
    formatDate(run.nowMs, textAt(args, 0), textAt(args, 1), run.meter),
  ),
  millis: define('<:n>', 0, (_args, run) => run.nowMs),
  fromMillis: define('<n-s?s?:s>', 3, (args, run) => {
    const ms = numberAt(args, 0);
    return ms === undefined
      ? undefined
      : formatDate(ms, textAt(args, 1), textAt(args, 2), run.meter);
  }),
  toMillis: define('<s-s?:n>', 2, (args, run) => {
    const text = textAt(args, 0);
    if (text === undefined) return undefined;
    run.meter.read(text.length);
    const picture = textAt(args, 1);
    if (picture !== undefined) {
      run.meter.read(picture.length);
      return parseDate(text, picture, run);
    }
    if (!ISO_8601.test(text)) throw new ExpressionEvaluationError('D3110');
    return Date.parse(text);
  }),
};
