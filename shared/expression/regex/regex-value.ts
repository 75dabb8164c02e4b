/** A regular expression as a value of an expression: a function from text to its first match. */
import type { Meter } from '../budget.ts';
import type { FunctionValue } from '../function-value.ts';

export interface RegexMatch {
  readonly match: string;
  readonly start: number;
  readonly end: number;
  /** What each group caught; undefined for a group that took no part. */
  readonly groups: readonly unknown[];
}

export interface Matcher {
  exec(text: string, from: number, meter: Meter): RegexMatch | undefined;
  test(text: string, meter: Meter): boolean;
}

export interface RegexValue extends FunctionValue {
  readonly matcher: Matcher;
}

export function isRegexValue(value: FunctionValue): value is RegexValue {
  return 'matcher' in value;
}
