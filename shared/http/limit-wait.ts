/**
 * When to come back to a provider that said "too fast".
 *
 * The longest of several waits wins, and a provider that asks for more than a day is not obeyed
 * blindly: the value may be of another unit. Headers may be missing on the very answer that limits.
 *
 * Units   instants: milliseconds since the epoch
 * Source  RFC 9110 §10.2.3 (Retry-After)
 */
import { type CalendarRule, nextBoundary } from './calendar.ts';
import type { LimitAnswer } from './limit-answer.ts';
import { readInstant, readRetryAfter, type TimeUnit } from './time-units.ts';

/** Which answers a rule is for; absent: all. */
interface Conditional {
  readonly applies?: ((answer: LimitAnswer) => boolean) | undefined;
}

/** A time in the answer: `read` finds its text, in `unit`. `header` is where, if in one. */
interface ReadWait {
  readonly header?: string;
  readonly unit: TimeUnit;
  read(answer: LimitAnswer): string | undefined;
}

export type WaitRule = Conditional &
  (
    | ReadWait
    | { readonly until: CalendarRule; timeZone(answer: LimitAnswer): string }
    | { readonly fixedMs: number }
  );

const LONGEST_WAIT_MS = 86_400_000;
/** Limits by month end when the calendar says so, and there is no unit to be wrong about. */
const LONGEST_CALENDAR_WAIT_MS = 32 * LONGEST_WAIT_MS;

/** When to come back, by the rules that apply and by Retry-After; undefined where nothing says. */
export function readWait(
  waits: readonly WaitRule[],
  answer: LimitAnswer,
  nowMs: number,
): number | undefined {
  const found = waits
    .filter(({ applies }) => applies === undefined || applies(answer))
    .map((rule) => capped(readRule(rule, answer, nowMs), rule, nowMs));
  const retryAfter = answer.headers['retry-after'];
  if (retryAfter !== undefined) {
    // An integration that reads Retry-After itself knows its unit better than the default does. A
    // date has no unit, and is sent by proxies in front of providers that never send one.
    const declared = waits.some((rule) => 'header' in rule && rule.header === 'retry-after');
    const read = declared ? readHttpDate : readRetryAfter;
    found.push(capped(read(retryAfter, nowMs), undefined, nowMs));
  }
  const instants = found.filter((atMs) => atMs !== undefined);
  return instants.length === 0 ? undefined : Math.max(nowMs, ...instants);
}

function readHttpDate(text: string, nowMs: number): number | undefined {
  return readInstant(text, 'http_date', nowMs);
}

function readRule(rule: WaitRule, answer: LimitAnswer, nowMs: number): number | undefined {
  if ('fixedMs' in rule) return nowMs + rule.fixedMs;
  if ('until' in rule) return nextBoundary(rule.until, rule.timeZone(answer), nowMs);
  const text = rule.read(answer);
  return text === undefined ? undefined : readInstant(text, rule.unit, nowMs);
}

function capped(atMs: number | undefined, rule: WaitRule | undefined, nowMs: number) {
  if (atMs === undefined) return undefined;
  const isCalendar = rule !== undefined && 'until' in rule;
  return Math.min(atMs, nowMs + (isCalendar ? LONGEST_CALENDAR_WAIT_MS : LONGEST_WAIT_MS));
}
