/**
 * How a provider says "too fast" and how it says "no".
 *
 * Every time that is read from an answer carries its unit and an example, which is parsed when the
 * integration loads: a delta read as an instant would wait for decades.
 *
 * Source  design notes on rate-limit vocabularies; RFC 9110 §10.2.3 (Retry-After)
 */
import * as z from 'zod';
import { durationSource, expressionSource, headerNameSource } from './values.ts';

export const timeUnit = z.enum([
  'seconds',
  'minutes',
  'millis',
  'epoch_s',
  'epoch_ms',
  'http_date',
  'iso8601',
  'go_duration',
  'per_second',
]);

const timedHeader = {
  header: headerNameSource,
  unit: timeUnit,
  example: z.string().min(1),
};

const waitSource = z.union(
  [
    z.strictObject({
      ...timedHeader,
      /** RE2 with one named group, `wait`; omitted: the whole value. */
      pattern: z.string().optional(),
      when: expressionSource.optional(),
    }),
    z.strictObject({ fixed: durationSource, when: expressionSource.optional() }),
  ],
  { error: 'must be { header, unit, example } or { fixed }' },
);

const observeSource = z.union(
  [
    z.strictObject({
      scope: z.string().default('default'),
      limit: headerNameSource.optional(),
      remaining: headerNameSource.optional(),
      reset: z.strictObject(timedHeader).optional(),
      /** Length of the window that `limit` counts in. */
      window: durationSource.optional(),
    }),
    z.strictObject({
      scope: z.string().default('default'),
      header: headerNameSource,
      /** RE2 with named groups out of `limit`, `remaining`, `used`, `reset`. */
      pattern: z.string().min(1),
      /** Unit of the group `reset`. */
      unit: timeUnit.optional(),
      example: z.string().min(1),
      window: durationSource.optional(),
    }),
  ],
  { error: 'must be { limit, remaining, reset } or { header, pattern, example }' },
);

export const rateLimitSource = z.strictObject({
  /** Whether an answer means "limited". Omitted: status 429, or 503 with Retry-After. */
  limited: expressionSource.optional(),
  wait: z.array(waitSource).default([]),
  observe: z.array(observeSource).default([]),
});
export type RateLimitSource = z.output<typeof rateLimitSource>;

export const errorRuleSource = z.strictObject({
  when: expressionSource,
  class: z.enum([
    'auth',
    'permission',
    'not_found',
    'validation',
    'conflict',
    'rate_limited',
    'transient',
    'config',
    'ignore',
  ]),
  /** The provider's own words, without personal data. */
  message: expressionSource.optional(),
  /** The provider's own code. */
  code: expressionSource.optional(),
});
export type ErrorRuleSource = z.output<typeof errorRuleSource>;

/** What the provider promises, for those who must answer for it. */
export const slaSource = z.strictObject({
  uptime: z.string().optional(),
  rate_limit_model: z.string().optional(),
  limited_shape: z.string().optional(),
  webhook_guarantee: z.string().optional(),
  notice_period: z.string().optional(),
  support_time: z.string().optional(),
  sources: z.array(z.url()).default([]),
  /** The day on which the facts were read at the sources. */
  checked: z.iso.date().optional(),
});
