/** Rate limits and budgets, compiled; every example must be readable in the unit it claims. */
import { isTimeZone } from '../../http/calendar.ts';
import type { LimitAnswer } from '../../http/limit-answer.ts';
import type { WaitRule } from '../../http/limit-wait.ts';
import { mapRecord } from '../../kernel/map-record.ts';
import { durationMs } from '../request/compile.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';
import type { BudgetSource } from './budget-source.ts';
import { checkExample } from './example.ts';
import { holdsOn, readerOf, textOf } from './limit-text.ts';
import { compileObserve } from './observe.ts';
import type { Budget, RateLimit } from './plan.ts';
import type { RateLimitSource } from './rate-limit-source.ts';

type WaitSource = RateLimitSource['wait'][number];

export function compileRateLimit(
  source: RateLimitSource | undefined,
  context: CompileContext,
): RateLimit {
  if (!source) return { limited: undefined, rules: { waits: [], observes: [] }, budgets: {} };
  const path = ['rate_limit'];
  return {
    limited: context.optionalExpression(source.limited, [...path, 'limited']),
    rules: {
      waits: source.wait.map((rule, index) => compileWait(rule, [...path, 'wait', index], context)),
      observes: source.observe.map((rule, index) =>
        compileObserve(rule, [...path, 'observe', index], context),
      ),
    },
    budgets: mapRecord(source.budgets, compileBudget),
  };
}

export function compileBudget({ requests, per }: BudgetSource): Budget {
  return { requests, perMs: durationMs(per) };
}

function compileWait(source: WaitSource, path: SourcePath, context: CompileContext): WaitRule {
  const when = context.optionalExpression(source.when, [...path, 'when']);
  const applies = when && holdsOn(when);
  if ('fixed' in source) return { applies, fixedMs: durationMs(source.fixed) };
  if ('until' in source) return { applies, ...compileCalendar(source, path, context) };
  const { unit } = source;
  if ('header' in source) {
    const { header } = source;
    const text = readerOf(source, 'wait', path, context);
    checkExample(text(source.example), unit, path, context);
    const read = ({ headers }: LimitAnswer) =>
      headers[header] === undefined ? undefined : text(headers[header]);
    return { applies, header, unit, read };
  }
  const text = readerOf(source, 'wait', path, context);
  checkExample(text(source.example), unit, path, context);
  const body = context.expression(source.body, [...path, 'body']);
  const read = (answer: LimitAnswer) => {
    const found = textOf(body, answer);
    return found === undefined ? undefined : text(found);
  };
  return { applies, unit, read };
}

function compileCalendar(
  source: Extract<WaitSource, { until: string }>,
  path: SourcePath,
  context: CompileContext,
) {
  const { until, timezone } = source;
  if (typeof timezone === 'string') {
    if (!isTimeZone(timezone)) {
      context.fault([...path, 'timezone'], 'must be an IANA time zone: America/New_York');
    }
    return { until, timeZone: () => timezone };
  }
  const zone = context.expression(timezone.expr, [...path, 'timezone', 'expr']);
  return { until, timeZone: (answer: LimitAnswer) => textOf(zone, answer) ?? 'UTC' };
}
