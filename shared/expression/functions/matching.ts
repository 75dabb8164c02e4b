/**
 * $contains, $match, $split, $replace: text against text, or against a matcher: a regular
 * expression, or a function that answers like one.
 */
import { ExpressionEvaluationError } from '../errors.ts';
import type { Run } from '../frame.ts';
import { type FunctionValue, isFunctionValue } from '../function-value.ts';
import { Sequence } from '../sequence.ts';
import { define, type Family, functionAt, numberAt, textAt } from './builtin.ts';
import { type FoundMatch, firstMatch } from './matches.ts';
import { substitute } from './substitution.ts';

export const MATCHING: Family = {
  contains: define('<s-(sf):b>', 2, (args, run) => {
    const text = textAt(args, 0);
    const [, token] = args;
    if (text === undefined || token === undefined) return undefined;
    run.meter.read(text.length);
    if (typeof token === 'string') return text.includes(token);
    return firstMatch(functionAt(args, 1), text, run.meter) !== undefined;
  }),
  match: define('<s-f<s:o>n?:a<o>>', 3, (args, run) => {
    const text = textAt(args, 0);
    if (text === undefined) return undefined;
    const limit = limitAt(args, 2, 'D3040');
    const out = new Sequence();
    for (const found of matches(functionAt(args, 1), text, limit, run)) {
      run.meter.item(out.length);
      run.meter.allocate(MATCH_BYTES + found.match.length);
      out.push({ match: found.match, index: found.start, groups: found.groups });
    }
    return out;
  }),
  split: define('<s-(sf)n?:a<s>>', 3, (args, run) => {
    const text = textAt(args, 0);
    if (text === undefined) return undefined;
    const limit = limitAt(args, 2, 'D3020');
    run.meter.read(text.length);
    const [, separator] = args;
    return isFunctionValue(separator)
      ? splitByMatcher(text, separator, limit, run)
      : splitByText(text, String(separator), limit, run);
  }),
  replace: define('<s-(sf)(sf)n?:s>', 4, (args, run) => {
    const text = textAt(args, 0);
    if (text === undefined) return undefined;
    const [, pattern, replacement] = args;
    if (pattern === '') throw new ExpressionEvaluationError('D3010');
    const limit = limitAt(args, 3, 'D3011');
    run.meter.read(text.length);
    if (limit !== undefined && limit <= 0) return text;
    return typeof pattern === 'string'
      ? replaceText(text, pattern, textOrError(replacement), limit, run)
      : replaceMatches(text, functionAt(args, 1), replacement, limit, run);
  }),
};

const MATCH_BYTES = 96;
const PIECE_BYTES = 24;

function limitAt(args: readonly unknown[], index: number, code: string): number | undefined {
  const limit = numberAt(args, index);
  if (limit !== undefined && limit < 0) throw new ExpressionEvaluationError(code);
  return limit;
}

function* matches(
  matcher: FunctionValue | undefined,
  text: string,
  limit: number | undefined,
  run: Run,
): Generator<FoundMatch> {
  if (limit !== undefined && limit <= 0) return;
  let count = 0;
  let found = firstMatch(matcher, text, run.meter);
  while (found && (limit === undefined || count < limit)) {
    run.meter.step();
    yield found;
    found = found.next();
    count += 1;
  }
}

function splitByText(text: string, separator: string, limit: number | undefined, run: Run) {
  const most = limit === undefined ? Number.POSITIVE_INFINITY : Math.trunc(limit);
  const pieces: string[] = [];
  let from = 0;
  const push = (piece: string) => {
    run.meter.step();
    run.meter.item(pieces.length);
    run.meter.allocate(PIECE_BYTES);
    pieces.push(piece);
  };
  if (separator === '') {
    for (; from < text.length && pieces.length < most; from += 1) push(text.charAt(from));
    return pieces;
  }
  while (pieces.length < most) {
    const at = text.indexOf(separator, from);
    push(at < 0 ? text.substring(from) : text.substring(from, at));
    if (at < 0) break;
    from = at + separator.length;
  }
  return pieces;
}

function splitByMatcher(
  text: string,
  matcher: FunctionValue,
  limit: number | undefined,
  run: Run,
): readonly string[] {
  const pieces: string[] = [];
  if (limit !== undefined && limit <= 0) return pieces;
  let from = 0;
  for (const found of matches(matcher, text, limit, run)) {
    run.meter.item(pieces.length);
    run.meter.allocate(PIECE_BYTES);
    pieces.push(text.substring(from, found.start));
    from = found.end;
  }
  if (limit === undefined || pieces.length < limit) pieces.push(text.substring(from));
  return pieces;
}

function textOrError(replacement: unknown): string {
  if (typeof replacement === 'string') return replacement;
  throw new ExpressionEvaluationError('D3012');
}

function replaceText(
  text: string,
  pattern: string,
  replacement: string,
  limit: number | undefined,
  run: Run,
): string {
  let result = '';
  let from = 0;
  let count = 0;
  let at = text.indexOf(pattern);
  run.meter.allocate(text.length);
  while (at !== -1 && (limit === undefined || count < limit)) {
    run.meter.step();
    run.meter.allocate(replacement.length);
    result += text.substring(from, at) + replacement;
    from = at + pattern.length;
    count += 1;
    at = text.indexOf(pattern, from);
  }
  return result + text.substring(from);
}

function replaceMatches(
  text: string,
  matcher: FunctionValue | undefined,
  replacement: unknown,
  limit: number | undefined,
  run: Run,
): string {
  let result = '';
  let from = 0;
  run.meter.allocate(text.length);
  for (const found of matches(matcher, text, limit, run)) {
    const put = isFunctionValue(replacement)
      ? textOrError(replacement([found.value], null))
      : substitute(textOrError(replacement), found);
    run.meter.allocate(put.length);
    result += text.substring(from, found.start) + put;
    from = found.start + found.match.length;
  }
  return result + text.substring(from);
}
