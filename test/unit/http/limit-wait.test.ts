import type { LimitAnswer } from '../../../shared/http/limit-answer.ts';
import { readWait, type WaitRule } from '../../../shared/http/limit-wait.ts';
import type { TimeUnit } from '../../../shared/http/time-units.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00.000Z');
const NOW_S = NOW_MS / 1_000;

const inHeader = (header: string, unit: TimeUnit): WaitRule => ({
  header,
  unit,
  read: ({ headers }: LimitAnswer) => headers[header],
});
const wait = (rules: readonly WaitRule[], headers: Record<string, string> = {}) =>
  readWait(rules, { status: 429, headers }, NOW_MS);

it('reads Retry-After where the integration declares nothing', () => {
  expect(wait([], { 'retry-after': '30' })).toBe(NOW_MS + 30_000);
});

it('takes the longest of several waits', () => {
  const rules = [inHeader('retry-after', 'seconds'), inHeader('x-reset', 'epoch_s')];

  expect(wait(rules, { 'retry-after': '5', 'x-reset': String(NOW_S + 60) })).toBe(NOW_MS + 60_000);
  expect(wait(rules, { 'retry-after': '90', 'x-reset': String(NOW_S + 60) })).toBe(NOW_MS + 90_000);
});

it('believes the declared unit of Retry-After, not the default one', () => {
  const rules = [inHeader('retry-after', 'epoch_s')];

  expect(wait(rules, { 'retry-after': String(NOW_S + 5) })).toBe(NOW_MS + 5_000);
});

it('caps a wait at a day, for an epoch read as seconds lasts decades', () => {
  expect(wait([], { 'retry-after': '1795310611' })).toBe(NOW_MS + 86_400_000);
});

it('waits for the end of the month where the calendar says so', () => {
  const rule: WaitRule = { until: 'next_month', timeZone: () => 'UTC' };

  expect(wait([rule])).toBe(Date.parse('2026-04-01T00:00:00Z'));
});

it('never leads into the past', () => {
  expect(wait([inHeader('x-reset', 'epoch_s')], { 'x-reset': '1000' })).toBe(NOW_MS);
});

it('says nothing where no header does', () => {
  expect(wait([inHeader('x-reset', 'seconds')])).toBeUndefined();
});

it('passes over a rule that is not for this answer', () => {
  const rules: WaitRule[] = [
    { fixedMs: 60_000, applies: ({ status }) => status === 503 },
    { fixedMs: 1_000 },
  ];

  expect(wait(rules)).toBe(NOW_MS + 1_000);
});
