/**
 * Rate limits: from every provider's vocabulary to one.
 *
 * Where several waits are found the longest wins; where several limits are observed the one with
 * the smallest share left is told. Headers may be missing on the very answer that limits.
 *
 * Units   `*AtMs`: milliseconds since the epoch; `ratelimit-reset` epoch seconds; `RateLimit` delta seconds
 * Source  RFC 9110 §10.2.3; draft-ietf-httpapi-ratelimit-headers-10; RFC 9651 (structured fields)
 */
import { serializeList } from 'structured-headers';
import { readInstant, readRetryAfter, type TimeUnit } from './time-units.ts';

type Headers = Readonly<Record<string, string>>;
/** Named groups of a composite header: `total=100; remaining=99`. */
export type ReadGroups = (text: string) => Readonly<Record<string, string>> | undefined;

export type WaitRule =
  | { readonly header: string; readonly unit: TimeUnit; readonly groups?: ReadGroups }
  | { readonly fixedMs: number };

export type ObserveRule =
  | {
      readonly scope: string;
      readonly limit?: string;
      readonly remaining?: string;
      readonly reset?: { readonly header: string; readonly unit: TimeUnit };
      readonly windowMs?: number;
    }
  | {
      readonly scope: string;
      readonly header: string;
      readonly groups: ReadGroups;
      readonly unit: TimeUnit;
      readonly windowMs?: number;
    };

export interface RateLimitRules {
  readonly waits: readonly WaitRule[];
  readonly observes: readonly ObserveRule[];
}

/** One limit as an answer tells it. */
export interface RateLimitState {
  readonly scope: string;
  readonly limit?: number;
  readonly remaining?: number;
  readonly resetAtMs?: number;
  readonly windowMs?: number;
}

/** A provider that asks for more is not obeyed blindly: the value may be of another unit. */
const LONGEST_WAIT_MS = 86_400_000;

/** When to come back, by the rules that apply and by Retry-After; undefined where nothing says. */
export function readWait(
  waits: readonly WaitRule[],
  headers: Headers,
  nowMs: number,
): number | undefined {
  const found = waits.map((rule) => readRule(rule, headers, nowMs));
  const retryAfter = headers['retry-after'];
  // An integration that reads Retry-After itself knows its unit better than the default does.
  const declared = waits.some((rule) => 'header' in rule && rule.header === 'retry-after');
  if (retryAfter !== undefined && !declared) found.push(readRetryAfter(retryAfter, nowMs));
  const instants = found.filter((atMs) => atMs !== undefined);
  if (instants.length === 0) return undefined;
  return Math.min(Math.max(nowMs, ...instants), nowMs + LONGEST_WAIT_MS);
}

function readRule(rule: WaitRule, headers: Headers, nowMs: number): number | undefined {
  if ('fixedMs' in rule) return nowMs + rule.fixedMs;
  const value = headers[rule.header];
  if (value === undefined) return undefined;
  const text = rule.groups ? rule.groups(value)?.['wait'] : value;
  return text === undefined ? undefined : readInstant(text, rule.unit, nowMs);
}

/** The tightest limit that the answer tells of; undefined where it tells of none. */
export function observeLimits(
  observes: readonly ObserveRule[],
  headers: Headers,
  nowMs: number,
): RateLimitState | undefined {
  let tightest: RateLimitState | undefined;
  for (const rule of observes) {
    const state = readState(rule, headers, nowMs);
    if (state && (!tightest || shareLeft(state) < shareLeft(tightest))) tightest = state;
  }
  return tightest;
}

function shareLeft(state: RateLimitState): number {
  if (state.remaining === undefined) return 1;
  return state.limit ? state.remaining / state.limit : Number(state.remaining > 0);
}

function readState(rule: ObserveRule, headers: Headers, nowMs: number): RateLimitState | undefined {
  const texts = 'groups' in rule ? readComposite(rule, headers) : readSeparate(rule, headers);
  const limit = count(texts.limit);
  const used = count(texts.used);
  const remaining =
    count(texts.remaining) ??
    (limit !== undefined && used !== undefined ? Math.max(0, limit - used) : undefined);
  if (limit === undefined && remaining === undefined) return undefined;
  const resetAtMs =
    texts.reset === undefined ? undefined : readInstant(texts.reset, texts.unit, nowMs);
  return {
    scope: rule.scope,
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(resetAtMs === undefined ? {} : { resetAtMs }),
    ...(rule.windowMs === undefined ? {} : { windowMs: rule.windowMs }),
  };
}

interface StateTexts {
  readonly limit: string | undefined;
  readonly remaining: string | undefined;
  readonly used: string | undefined;
  readonly reset: string | undefined;
  readonly unit: TimeUnit;
}

function readComposite(
  rule: Extract<ObserveRule, { groups: ReadGroups }>,
  headers: Headers,
): StateTexts {
  const groups = rule.groups(headers[rule.header] ?? '') ?? {};
  return {
    limit: groups['limit'],
    remaining: groups['remaining'],
    used: groups['used'],
    reset: groups['reset'],
    unit: rule.unit,
  };
}

function readSeparate(
  rule: Exclude<ObserveRule, { groups: ReadGroups }>,
  headers: Headers,
): StateTexts {
  const read = (name: string | undefined) => (name === undefined ? undefined : headers[name]);
  return {
    limit: read(rule.limit),
    remaining: read(rule.remaining),
    used: undefined,
    reset: read(rule.reset?.header),
    unit: rule.reset?.unit ?? 'seconds',
  };
}

function count(text: string | undefined): number | undefined {
  const value = text?.trim() ?? '';
  return /^\d{1,15}(\.\d{1,9})?$/.test(value) ? Math.floor(Number(value)) : undefined;
}

/** The headers that our callers read, both families, whatever the provider's own are called. */
export function rateLimitHeaders(
  state: RateLimitState | undefined,
  nowMs: number,
  resumeAtMs?: number,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  if (resumeAtMs !== undefined) {
    headers['retry-after'] = String(secondsUntil(resumeAtMs, nowMs));
  }
  const resetAtMs = state?.resetAtMs ?? resumeAtMs;
  if (state?.limit !== undefined) headers['ratelimit-limit'] = String(state.limit);
  if (state?.remaining !== undefined) headers['ratelimit-remaining'] = String(state.remaining);
  if (resetAtMs !== undefined) headers['ratelimit-reset'] = String(Math.ceil(resetAtMs / 1_000));
  return { ...headers, ...structuredFields(state, nowMs) };
}

/** `RateLimit: "default";r=50;t=30` and `RateLimit-Policy: "default";q=100;w=60`. */
function structuredFields(
  state: RateLimitState | undefined,
  nowMs: number,
): Readonly<Record<string, string>> {
  if (!state) return {};
  const headers: Record<string, string> = {};
  if (state.remaining !== undefined) {
    const parameters = new Map([['r', state.remaining]]);
    if (state.resetAtMs !== undefined) parameters.set('t', secondsUntil(state.resetAtMs, nowMs));
    headers['ratelimit'] = serializeList([[state.scope, parameters]]);
  }
  if (state.limit !== undefined) {
    const parameters = new Map([['q', state.limit]]);
    if (state.windowMs !== undefined) parameters.set('w', Math.ceil(state.windowMs / 1_000));
    headers['ratelimit-policy'] = serializeList([[state.scope, parameters]]);
  }
  return headers;
}

function secondsUntil(atMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((atMs - nowMs) / 1_000));
}
