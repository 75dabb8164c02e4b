/**
 * Runs the template's schedules of functions by the runtime's own clock, where the endpoint has no
 * functions to run: moto, LocalStack, AWS. The embedded AWS runs them itself.
 */
import { Cron } from 'croner';
import { isFunctionArn, schedulePropertiesOf } from '../provision/schedules.ts';
import { resourcesOf, type Stack } from '../provision/stack.ts';
import { TemplateError } from '../template/template-error.ts';

export interface TickerOptions {
  readonly stack: Stack;
  readonly invoke: (functionId: string, event: string) => Promise<string>;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** Returns what stops it. @throws TemplateError for an expression that is neither rate nor cron */
export function startTicker({ stack, invoke }: TickerOptions): () => void {
  const stops = resourcesOf(stack, 'AWS::Scheduler::Schedule').flatMap((resource) => {
    const { Target, State, ScheduleExpression, ScheduleExpressionTimezone } =
      schedulePropertiesOf(resource);
    if (State === 'DISABLED' || !isFunctionArn(Target.Arn)) return [];
    // The next tick does the work of one that failed.
    const tick = (): void => void invoke(Target.Arn, Target.Input ?? '{}').catch(() => undefined);
    return [
      startClock(resource.logicalId, ScheduleExpression, ScheduleExpressionTimezone ?? 'UTC', tick),
    ];
  });
  return () => {
    for (const stop of stops) stop();
  };
}

function startClock(
  logicalId: string,
  expression: string,
  timezone: string,
  tick: () => void,
): () => void {
  const [, kind = '', argument = ''] = /^(rate|cron)\((.+)\)$/.exec(expression) ?? [];
  if (kind === 'cron') {
    // AWS writes minutes to years; croner wants seconds first.
    const job = new Cron(`0 ${argument}`, { timezone }, tick);
    return () => job.stop();
  }
  const [, count = '', unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(argument) ?? [];
  const intervalMs = Number(count) * (UNIT_MS[unit] ?? 0);
  if (!(intervalMs > 0)) {
    throw new TemplateError('a schedule is neither a rate nor a cron expression', { logicalId });
  }
  const timer = setInterval(tick, intervalMs);
  return () => clearInterval(timer);
}
