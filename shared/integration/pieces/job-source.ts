/**
 * Lists that a provider prepares first: a job is created, asked after, and read when it is done.
 * What `capture` takes from its answers, the method's own request looks up as `job.<name>`.
 *
 * Expressions see `{ status, headers, body }`.
 */
import * as z from 'zod';
import { pathSource, requestParts } from '../request/source.ts';
import { durationSource, expressionSource, nameSource } from '../template/values-source.ts';

const capture = z.record(nameSource, expressionSource).default({});

export const jobSource = z.strictObject({
  create: z.strictObject({ path: pathSource, ...requestParts, capture }),
  poll: z.strictObject({
    path: pathSource,
    ...requestParts,
    capture,
    /** Nothing where a boolean should be is an error. */
    done: expressionSource,
    failed: expressionSource.optional(),
    /** Between two questions. */
    every: durationSource.default('PT2S'),
  }),
  /** Asked after the last page, or where the job failed; its outcome is not waited for. */
  remove: z.strictObject({ path: pathSource, ...requestParts }).optional(),
  /** Until when the job is given up. */
  within: durationSource.default('PT1H'),
});
export type JobSource = z.output<typeof jobSource>;
