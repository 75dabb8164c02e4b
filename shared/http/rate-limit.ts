/**
 * Rate limits: from every provider's vocabulary to one.
 *
 * Where several limits are observed the one with the smallest share left is told.
 *
 * Units   `*AtMs`: milliseconds since the epoch; `ratelimit-reset` epoch seconds; `RateLimit` delta seconds
 * Source  draft-ietf-httpapi-ratelimit-headers-10; RFC 9651 (structured fields)
 */
import { serializeString } from 'structured-headers';
import type { LimitAnswer } from './limit-answer.ts';
import type { WaitRule } from './limit-wait.ts';
import { readInstant, type TimeUnit } from './time-units.ts';

/** What an answer says of one limit, as texts. */
export interface LimitTexts {
  readonly limit?: string | undefined;
  readonly remaining?: string | undefined;
  readonly used?: string | undefined;
  readonly reset?: string | undefined;
}

/** A length of time that is known, or told in a header. */
export type LimitWindow =
  | { readonly ms: number }
  | { readonly header: string; readonly unit: TimeUnit };

export interface ObserveRule {
  readonly scope: string;
  /** Where the scope itself is told. */
  readonly scopeHeader?: string | undefined;
  readonly window?: LimitWindow | undefined;
  /** Of the text `reset`. */
  readonly unit: TimeUnit;
  read(answer: LimitAnswer): LimitTexts;
}

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

/** The tightest limit that the answer tells of; undefined where it tells of none. */
export function observeLimits(
  observes: readonly ObserveRule[],
  answer: LimitAnswer,
  nowMs: number,
): RateLimitState | undefined {
  let tightest: RateLimitState | undefined;
  for (const rule of observes) {
    const state = readState(rule, answer, nowMs);
    if (state && (!tightest || shareLeft(state) < shareLeft(tightest))) tightest = state;
  }
  return tightest;
}

function shareLeft(state: RateLimitState): number {
  if (state.remaining === undefined) return 1;
  return state.limit ? state.remaining / state.limit : Number(state.remaining > 0);
}

function readState(
  rule: ObserveRule,
  answer: LimitAnswer,
  nowMs: number,
): RateLimitState | undefined {
  const texts = rule.read(answer);
  const limit = count(texts.limit);
  const remaining = count(texts.remaining) ?? left(limit, count(texts.used));
  if (limit === undefined && remaining === undefined) return undefined;
  const resetAtMs =
    texts.reset === undefined ? undefined : readInstant(texts.reset, rule.unit, nowMs);
  const windowMs = readWindow(rule.window, answer);
  return {
    scope: readScope(rule, answer),
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(resetAtMs === undefined ? {} : { resetAtMs }),
    ...(windowMs === undefined ? {} : { windowMs }),
  };
}

function left(limit: number | undefined, used: number | undefined): number | undefined {
  return limit === undefined || used === undefined ? undefined : Math.max(0, limit - used);
}

/** What a structured field can hold as a string, and no more than a name. */
const SCOPE = /^[\w.:/ -]{1,64}$/;

function readScope({ scope, scopeHeader }: ObserveRule, { headers }: LimitAnswer): string {
  const told = scopeHeader === undefined ? undefined : headers[scopeHeader];
  return told !== undefined && SCOPE.test(told) ? told : scope;
}

function readWindow(window: LimitWindow | undefined, { headers }: LimitAnswer): number | undefined {
  if (!window) return undefined;
  if ('ms' in window) return window.ms;
  const text = headers[window.header];
  return text === undefined ? undefined : readInstant(text, window.unit, 0);
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
    const reset = state.resetAtMs === undefined ? '' : `;t=${secondsUntil(state.resetAtMs, nowMs)}`;
    headers['ratelimit'] = `${serializeString(state.scope)};r=${state.remaining}${reset}`;
  }
  if (state.limit !== undefined) {
    const window = state.windowMs === undefined ? '' : `;w=${Math.ceil(state.windowMs / 1_000)}`;
    headers['ratelimit-policy'] = `${serializeString(state.scope)};q=${state.limit}${window}`;
  }
  return headers;
}

function secondsUntil(atMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((atMs - nowMs) / 1_000));
}
