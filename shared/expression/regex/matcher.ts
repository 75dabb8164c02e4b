/**
 * Regular expressions whose time grows only as the text does. The platform's RegExp matches those that it can
 * be trusted with; our own machine all others, with the same results. What no machine can follow,
 * looking around and back, is taken only where the platform needs no more than a few tries.
 *
 * Errors  {@link ExpressionSyntaxError} U0003
 */
import { ExpressionSyntaxError } from '../errors.ts';
import { literalTest } from './literal.ts';
import { search } from './machine.ts';
import { type Pattern, readPattern } from './pattern.ts';
import { programOf } from './program.ts';
import type { Matcher } from './regex-value.ts';
import { backtrackingEffort, type Effort, isIrregular } from './safety.ts';

const LONGEST_SOURCE = 10_000;
const UNITS_PER_STEP = 16;

/** @throws ExpressionSyntaxError U0003 for a pattern that cannot be matched without backtracking */
export function createMatcher(expression: RegExp, position: number | undefined): Matcher {
  const { source } = expression;
  const flags = expression.flags.replace('g', '');
  if (source.length > LONGEST_SOURCE) throw refused(position);
  const pattern = readPattern(source);
  const effort = backtrackingEffort(pattern, flags.includes('m'));
  if (effort !== undefined) {
    const matcher = platformMatcher(source, flags, effort);
    const test = literalTest(pattern, flags);
    return test ? { ...matcher, test } : matcher;
  }
  return machineMatcher(pattern, flags, position);
}

function refused(position: number | undefined): ExpressionSyntaxError {
  const message = 'the regular expression cannot be matched without backtracking';
  return new ExpressionSyntaxError(message, 'U0003', position ?? 0);
}

function platformMatcher(source: string, flags: string, effort: Effort): Matcher {
  const tester = new RegExp(source, flags);
  const finder = new RegExp(source, `${flags}g`);
  const stepsPerUnit = (1 + effort.perUnit / UNITS_PER_STEP) / UNITS_PER_STEP;
  return {
    test(text, meter) {
      meter.steps(Math.ceil(text.length * stepsPerUnit));
      return tester.test(text);
    },
    exec(text, from, meter) {
      finder.lastIndex = from;
      const found = finder.exec(text);
      const [match = '', ...groups] = found ?? [];
      if (!found) {
        meter.steps(Math.ceil((text.length - from + 1) * stepsPerUnit));
        return undefined;
      }
      const end = found.index + match.length;
      // One search looks at no more than a text; what it looked at is paid for now.
      const seen = effort.looksAtAll ? text.length : end;
      meter.steps(Math.ceil((seen - from + 1) * stepsPerUnit));
      return { match, start: found.index, end, groups };
    },
  };
}

function machineMatcher(pattern: Pattern, flags: string, position: number | undefined): Matcher {
  const program = isIrregular(pattern) ? undefined : programOf(pattern, flags);
  if (!program) throw refused(position);
  const what = { program, groups: pattern.groups, isMultiline: flags.includes('m') };
  return {
    test: (text, meter) => search(what, text, 0, meter) !== undefined,
    exec(text, from, meter) {
      const slots = search(what, text, from, meter);
      if (!slots) return undefined;
      const [start = 0, end = 0] = slots;
      const groups = Array.from({ length: pattern.groups }, (_group, index) => {
        const opened = slots[2 * index + 2] ?? -1;
        const closed = slots[2 * index + 3] ?? -1;
        return opened < 0 || closed < 0 ? undefined : text.substring(opened, closed);
      });
      return { match: text.substring(start, end), start, end, groups };
    },
  };
}
