/** The matches of a matcher in a text, one after the other. */
import type { Meter } from '../budget.ts';
import { ExpressionEvaluationError } from '../errors.ts';
import { type FunctionValue, isFunctionValue, nativeFunction } from '../function-value.ts';
import { isRegexValue, type Matcher, type RegexMatch } from '../regex/regex-value.ts';
import { isObject } from '../truth.ts';

export interface FoundMatch extends RegexMatch {
  /** The match as an expression sees it. */
  readonly value: unknown;
  next(): FoundMatch | undefined;
}

/** @throws ExpressionEvaluationError T1010 for a function that does not answer as a matcher */
export function firstMatch(
  matcher: FunctionValue | undefined,
  text: string,
  meter: Meter,
): FoundMatch | undefined {
  if (!matcher) throw new ExpressionEvaluationError('T1010');
  if (isRegexValue(matcher)) return regexMatch(matcher.matcher, text, 0, meter);
  return answeredMatch(matcher([text], null));
}

export function regexMatch(
  matcher: Matcher,
  text: string,
  from: number,
  meter: Meter,
): FoundMatch | undefined {
  const found = matcher.exec(text, from, meter);
  if (!found) return undefined;
  const next = (): FoundMatch | undefined => {
    if (found.end >= text.length) return undefined;
    const following = regexMatch(matcher, text, found.end, meter);
    // A match of nothing would never get on.
    if (following?.match === '') throw new ExpressionEvaluationError('D1004');
    return following;
  };
  return {
    match: found.match,
    start: found.start,
    end: found.end,
    groups: found.groups,
    next,
    get value() {
      const { match, start, end, groups } = found;
      return { match, start, end, groups, next: nativeFunction(0, () => next()?.value) };
    },
  };
}

/** What a matcher written as a lambda answered. */
function answeredMatch(value: unknown): FoundMatch | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) throw new ExpressionEvaluationError('T1010');
  const { match, start, end, groups, next } = value;
  const looksLikeMatch =
    typeof start === 'number' ||
    typeof end === 'number' ||
    Array.isArray(groups) ||
    isFunctionValue(next);
  if (!looksLikeMatch) throw new ExpressionEvaluationError('T1010');
  return {
    match: typeof match === 'string' ? match : '',
    start: typeof start === 'number' ? start : 0,
    end: typeof end === 'number' ? end : 0,
    groups: Array.isArray(groups) ? groups : [],
    value,
    next: () => {
      if (!isFunctionValue(next)) throw new ExpressionEvaluationError('T1010');
      return answeredMatch(next([], null));
    },
  };
}
