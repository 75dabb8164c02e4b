/** Rate-limit and error rules, compiled; every example must be readable in the unit it claims. */
import type { ObserveRule, WaitRule } from '../../http/rate-limit.ts';
import { readInstant, type TimeUnit } from '../../http/time-units.ts';
import { parseDurationMs } from '../../kernel/duration.ts';
import { invariant } from '../../kernel/invariant.ts';
import type { ErrorRule, RateLimit } from '../integration.ts';
import type { ErrorRuleSource, RateLimitSource } from '../schema/limits.ts';
import type { CompileContext, SourcePath } from './context.ts';

type WaitSource = RateLimitSource['wait'][number];
type ObserveSource = RateLimitSource['observe'][number];

export function compileRateLimit(
  source: RateLimitSource | undefined,
  context: CompileContext,
): RateLimit {
  if (!source) {
    return { limited: undefined, waitConditions: [], rules: { waits: [], observes: [] } };
  }
  const path = ['rate_limit'];
  return {
    limited: context.optionalExpression(source.limited, [...path, 'limited']),
    waitConditions: source.wait.map((rule, index) =>
      context.optionalExpression(rule.when, [...path, 'wait', index, 'when']),
    ),
    rules: {
      waits: source.wait.map((rule, index) => compileWait(rule, [...path, 'wait', index], context)),
      observes: source.observe.map((rule, index) =>
        compileObserve(rule, [...path, 'observe', index], context),
      ),
    },
  };
}

function compileWait(source: WaitSource, path: SourcePath, context: CompileContext): WaitRule {
  if ('fixed' in source) return { fixedMs: durationMs(source.fixed) };
  const { header, unit } = source;
  if (source.pattern === undefined) {
    checkExample(source.example, unit, path, context);
    return { header, unit };
  }
  const pattern = context.pattern(source.pattern, [...path, 'pattern']);
  if (!pattern.groupNames.includes('wait')) {
    context.fault([...path, 'pattern'], 'the pattern needs a group named wait');
    return { header, unit };
  }
  checkExample(pattern.groups(source.example)?.['wait'], unit, path, context);
  return { header, unit, groups: pattern.groups };
}

function compileObserve(
  source: ObserveSource,
  path: SourcePath,
  context: CompileContext,
): ObserveRule {
  const window = source.window === undefined ? {} : { windowMs: durationMs(source.window) };
  if (!('pattern' in source)) {
    const { scope, limit, remaining, reset } = source;
    if (reset) checkExample(reset.example, reset.unit, [...path, 'reset'], context);
    if (limit === undefined && remaining === undefined) {
      context.fault(path, 'needs limit or remaining');
    }
    return {
      scope,
      ...(limit === undefined ? {} : { limit }),
      ...(remaining === undefined ? {} : { remaining }),
      ...(reset === undefined ? {} : { reset: { header: reset.header, unit: reset.unit } }),
      ...window,
    };
  }
  const { scope, header } = source;
  const pattern = context.pattern(source.pattern, [...path, 'pattern']);
  if (pattern.groupNames.length > 0) checkComposite(source, pattern.groups, path, context);
  return { scope, header, groups: pattern.groups, unit: source.unit ?? 'seconds', ...window };
}

function checkComposite(
  source: Extract<ObserveSource, { pattern: string }>,
  groups: (text: string) => Readonly<Record<string, string>> | undefined,
  path: SourcePath,
  context: CompileContext,
): void {
  const found = groups(source.example);
  if (!found) {
    context.fault([...path, 'example'], 'the pattern does not match the example');
    return;
  }
  if (!('reset' in found)) return;
  if (source.unit === undefined) context.fault([...path, 'unit'], 'the group reset needs a unit');
  else checkExample(found['reset'], source.unit, path, context);
}

/** Far from the instants of real answers, and still a sane date to read an example against. */
const EXAMPLE_NOW_MS = Date.UTC(2026, 0, 1);
const YEAR_MS = 366 * 86_400_000;
/** Examples that are instants are of a past or coming decade, whichever day they were written. */
const INSTANT_SPAN_MS = 30 * YEAR_MS;

function checkExample(
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

function durationMs(text: string): number {
  const ms = parseDurationMs(text);
  invariant(ms !== undefined, 'the schema let only durations through');
  return ms;
}

export function compileErrorRules(
  sources: readonly ErrorRuleSource[],
  context: CompileContext,
): readonly ErrorRule[] {
  return sources.map((source, index) => ({
    when: context.expression(source.when, ['errors', index, 'when']),
    class: source.class,
    message: context.optionalExpression(source.message, ['errors', index, 'message']),
    code: context.optionalExpression(source.code, ['errors', index, 'code']),
  }));
}
