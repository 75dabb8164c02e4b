/**
 * "Too fast" in every form: those that the integration declares, from its own examples and fixtures,
 * and those that any provider may send.
 */
import { readInstant } from '#shared/http/time-units.ts';
import type { RateLimitSource } from '#shared/integration/limits/rate-limit-source.ts';
import type { Json } from '#shared/kernel/json.ts';
import { ENGINE_TIME_MS } from '../engine/engine-under-test.ts';
import { toResponse } from '../engine/scripted-send.ts';
import type { FixtureAnswer } from '../fixtures/fixture.ts';
import { plainPath } from '../lint/syntax.ts';
import { atFirstPage } from './answers.ts';
import { isLimited, type WaitExpectation } from './judges.ts';
import type { ListUnderTest } from './list-under-test.ts';
import { withMember } from './members.ts';
import type { Misbehaviour, Play } from './misbehaviour.ts';

type WaitSource = RateLimitSource['wait'][number];
type ReadWait = Extract<WaitSource, { example: string }>;

/** What an instant of an example is put ahead of. */
const AHEAD_MS = 30_000;

function limitedPlay(
  list: ListUnderTest,
  form: string,
  answer: FixtureAnswer,
  expected: WaitExpectation,
  nowMs?: number,
): Play {
  return {
    form,
    answer: atFirstPage(list, () => toResponse(answer)),
    judge: isLimited(expected),
    ...(nowMs === undefined ? {} : { nowMs }),
  };
}

const PLAIN: FixtureAnswer = { status: 429, headers: {} };

/** Answers by which this provider limits, as its fixtures show them, and the plain one. */
function limitedAnswers({ others }: ListUnderTest): readonly FixtureAnswer[] {
  const shown = others
    .filter(({ expect }) => expect.error?.['code'] === 'rate_limited')
    .map(({ exchanges }) => exchanges.at(-1)?.answer)
    .filter((answer) => answer !== undefined);
  return [...shown, PLAIN];
}

export const shownLimit: Misbehaviour = {
  code: 'rate_limited',
  expected: 'rate_limited, with a sane wait where the provider tells one',
  plays: (list) =>
    limitedAnswers(list).map((answer, index, all) =>
      limitedPlay(
        list,
        index === all.length - 1 ? '429 and nothing else' : `answer ${index + 1} of its fixtures`,
        answer,
        { told: false },
      ),
    ),
};

export const declaredWait: Misbehaviour = {
  code: 'declared_wait',
  expected: 'rate_limited, for the time of its example',
  plays(list) {
    const rules = list.opened.source.rate_limit?.wait ?? [];
    if (rules.length === 0) return 'the integration declares no wait';
    const plays = rules.flatMap((rule, index) => playsOfRule(list, rule, index));
    return plays.length > 0 ? plays : 'no fixture shows an answer that its rules are for';
  },
};

function playsOfRule(list: ListUnderTest, rule: WaitSource, index: number): readonly Play[] {
  const rules = list.opened.compiled.rateLimit.rules.waits;
  const compiled = rules[index];
  if (!compiled) return [];
  const form = `wait[${index}]${'header' in rule ? `, ${rule.header}` : ''}`;
  for (const shown of limitedAnswers(list)) {
    const answer = withExample(rule, shown);
    if (!answer) continue;
    const { status, headers, body } = answer;
    if (compiled.applies && !compiled.applies({ status, headers, body })) continue;
    const nowMs = 'example' in rule ? momentFor(rule) : ENGINE_TIME_MS;
    return [limitedPlay(list, form, answer, { told: true }, nowMs)];
  }
  return [];
}

/** The answer with the rule's example in its place; undefined where that place is computed. */
function withExample(rule: WaitSource, answer: FixtureAnswer): FixtureAnswer | undefined {
  if ('header' in rule) {
    return { ...answer, headers: { ...answer.headers, [rule.header]: rule.example } };
  }
  if (!('example' in rule)) return answer;
  const [root, ...path] = plainPath(rule.body) ?? [];
  if (root !== 'body') return undefined;
  const value: Json = /^\d+$/.test(rule.example) ? Number(rule.example) : rule.example;
  return { ...answer, body: withMember(answer.body, path, value) };
}

const INSTANTS = ['epoch_s', 'epoch_ms', 'http_date', 'iso8601'];
const IN_TEXT =
  /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)|[A-Z][a-z]{2}, \d\d [^,]+ GMT|\d{10,13}/;

/** Half a minute before the instant of the example; any time where it is a length of time. */
function momentFor({ example, unit }: ReadWait): number {
  if (!INSTANTS.includes(unit)) return ENGINE_TIME_MS;
  const text = IN_TEXT.exec(example)?.[0] ?? example;
  const atMs = readInstant(text, unit, ENGINE_TIME_MS);
  return atMs === undefined ? ENGINE_TIME_MS : atMs - AHEAD_MS;
}

/** RFC 9110 §10.2.3: seconds or a date; whatever else comes is no reason to wait for years. */
const RETRY_AFTER: Readonly<Record<string, { value: string; waitMs?: number }>> = {
  'Retry-After in seconds': { value: '7', waitMs: 7_000 },
  'Retry-After as a date': {
    value: new Date(ENGINE_TIME_MS + AHEAD_MS).toUTCString(),
    waitMs: AHEAD_MS,
  },
  'Retry-After of decades': { value: '999999999' },
  'Retry-After in the past': { value: 'Sun, 06 Nov 1994 08:49:37 GMT' },
  'Retry-After that is no time': { value: 'soon' },
};

export const retryAfter: Misbehaviour = {
  code: 'retry_after',
  expected: 'rate_limited, for as long as it says and at most a day',
  plays: (list) =>
    Object.entries(RETRY_AFTER).map(([form, { value, waitMs }]) => {
      const told = waitMs !== undefined && readsDefault(list);
      const expected = told ? { told, waitMs } : { told };
      const answer = { ...PLAIN, headers: { 'retry-after': value } };
      return limitedPlay(list, form, answer, expected);
    }),
};

/** Whether this header is read as the RFC has it, and nothing else makes the wait longer. */
function readsDefault({ opened }: ListUnderTest): boolean {
  const rules = opened.source.rate_limit?.wait ?? [];
  return rules.every(
    (rule) =>
      rule.when === undefined &&
      'header' in rule &&
      (rule.header !== 'retry-after' || (rule.unit === 'seconds' && rule.pattern === undefined)),
  );
}

export const toldLimits: Misbehaviour = {
  code: 'limits_told',
  expected: 'passed on in both families of headers',
  plays(list) {
    const rules = list.opened.source.rate_limit?.observe ?? [];
    const plays = rules.flatMap((rule, index): Play[] => {
      const headers = observedHeaders(rule);
      if (!headers) return [];
      const play = limitedPlay(list, `observe[${index}]`, { ...PLAIN, headers }, { told: false });
      return [{ ...play, judge: (played) => play.judge(played) ?? toldInBoth(played) }];
    });
    return plays.length > 0 ? plays : 'the integration observes no headers';
  },
};

function observedHeaders(
  rule: RateLimitSource['observe'][number],
): Readonly<Record<string, string>> | undefined {
  if ('example' in rule && 'header' in rule) return { [rule.header]: rule.example };
  if (!('limit' in rule || 'remaining' in rule || 'used' in rule)) return undefined;
  const headers: Record<string, string> = {};
  if (rule.limit !== undefined) headers[rule.limit] = '100';
  if (rule.remaining !== undefined) headers[rule.remaining] = '0';
  if (rule.used !== undefined) headers[rule.used] = '100';
  if (rule.reset) headers[rule.reset.header] = rule.reset.example;
  return headers;
}

function toldInBoth({ outcome }: Parameters<Play['judge']>[0]): string | undefined {
  const error: unknown = outcome.kind === 'failed' ? outcome.error : undefined;
  const headers: unknown = typeof error === 'object' && error ? Reflect.get(error, 'headers') : {};
  const names = Object.keys(typeof headers === 'object' && headers ? headers : {});
  const separate = names.some((name) => /^ratelimit-(limit|remaining)$/.test(name));
  const structured = names.some((name) => /^ratelimit(-policy)?$/.test(name));
  if (separate && structured) return undefined;
  return `passes on ${names.length === 0 ? 'no header' : names.join(', ')}`;
}
