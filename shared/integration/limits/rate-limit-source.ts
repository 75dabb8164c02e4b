/**
 * How a provider says "too fast".
 *
 * Every time that is read from an answer carries its unit and an example, which is parsed when the
 * integration loads: a delta read as an instant would wait for decades.
 *
 * Source  design notes on rate-limit vocabularies; RFC 9110 §10.2.3 (Retry-After)
 */
import * as z from 'zod';
import {
  durationSource,
  expressionSource,
  headerNameSource,
  nameSource,
} from '../template/values-source.ts';
import { budgetSource } from './budget-source.ts';
import { timedHeader, timeUnit } from './time-source.ts';

const when = { when: expressionSource.optional() };

const waitSource = z.union(
  [
    z.strictObject({
      ...timedHeader,
      /** RE2 with one named group, `wait`; omitted: the whole value. */
      pattern: z.string().optional(),
      /** Where the value is JSON: what of it counts. */
      json: expressionSource.optional(),
      ...when,
    }),
    z.strictObject({
      /** On `{ status, headers, body }`; a text or a number. */
      body: expressionSource,
      unit: timeUnit,
      pattern: z.string().optional(),
      example: z.string().min(1),
      ...when,
    }),
    z.strictObject({
      until: z.enum(['next_minute', 'next_hour', 'next_midnight', 'next_month']),
      /** IANA name, or an expression on `{ conn, status, headers, body }` that yields one. */
      timezone: z
        .union([z.string().min(1), z.strictObject({ expr: expressionSource })])
        .default('UTC'),
      ...when,
    }),
    z.strictObject({ fixed: durationSource, ...when }),
  ],
  { error: 'must be { header, unit, example }, { body, unit, example }, { until } or { fixed }' },
);

/** A length of time that is known, or told in a header. */
const windowSource = z.union([durationSource, z.strictObject(timedHeader)], {
  error: 'must be an ISO 8601 duration or { header, unit, example }',
});

const scope = {
  scope: z.string().default('default'),
  /** Where the scope itself is told in a header: `core`, `search`. */
  scope_header: headerNameSource.optional(),
};

const observeSource = z.union(
  [
    z.strictObject({
      ...scope,
      limit: headerNameSource.optional(),
      remaining: headerNameSource.optional(),
      /** Instead of remaining. */
      used: headerNameSource.optional(),
      reset: z.strictObject(timedHeader).optional(),
      /** Length of the window that `limit` counts in. */
      window: windowSource.optional(),
    }),
    z.strictObject({
      ...scope,
      header: headerNameSource,
      /** RE2 with named groups out of `limit`, `remaining`, `used`, `reset`. */
      pattern: z.string().min(1),
      /** Unit of the group `reset`. */
      unit: timeUnit.optional(),
      example: z.string().min(1),
      window: windowSource.optional(),
    }),
    z.strictObject({
      ...scope,
      header: headerNameSource,
      /** On the header's value, which is JSON: `{ limit, remaining, used, reset }`. */
      json: expressionSource,
      unit: timeUnit.optional(),
      example: z.string().min(1),
      window: windowSource.optional(),
    }),
    z.strictObject({
      ...scope,
      /** On `{ status, headers, body }` of answers that the engine reads: `{ limit, remaining, used, reset }`. */
      body: expressionSource,
      unit: timeUnit.optional(),
      window: windowSource.optional(),
    }),
  ],
  {
    error: 'must be { limit, remaining, reset }, { header, pattern }, { header, json } or { body }',
  },
);

export const rateLimitSource = z.strictObject({
  /** Whether an answer means "limited". Omitted: status 429, or 503 with Retry-After. */
  limited: expressionSource.optional(),
  wait: z.array(waitSource).default([]),
  observe: z.array(observeSource).default([]),
  /** Names are for reading; each counts all calls that the engine makes for one account. */
  budgets: z.record(nameSource, budgetSource).default({}),
});
export type RateLimitSource = z.output<typeof rateLimitSource>;
