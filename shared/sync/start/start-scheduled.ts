/**
 * What a job's schedule does when it fires: a run for each account that the job fits.
 *
 * Repeat  safe: an account whose run is still going is left alone.
 */
import * as z from 'zod';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import { CallerError } from '../../kernel/errors.ts';
import { brandId, type EnvironmentId } from '../../kernel/id.ts';
import type { JobStore } from '../job/job-store.ts';
import type { StartRun } from './start-run.ts';

/** The message on the start queue. */
export const startMessage = z.strictObject({
  v: z.literal(1),
  job_id: z.string().transform((id) => brandId<'job'>(id)),
  environment_id: z.string().transform((id) => brandId<'env'>(id)),
});
export type StartMessage = Readonly<z.output<typeof startMessage>>;

/** Every account of an environment and an integration, in any status. */
export type AccountsOf = (
  environmentId: EnvironmentId,
  integration: string,
) => AsyncIterable<IntegratedAccount>;

export interface ScheduledStarts {
  readonly started: number;
  /** Busy, paused, waiting to be connected again, or without a subscription. */
  readonly skipped: number;
}

export function createStartScheduled(deps: {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly accountsOf: AccountsOf;
  readonly startRun: StartRun;
}) {
  return async ({ job_id, environment_id }: StartMessage): Promise<ScheduledStarts> => {
    const job = await deps.jobs.get(environment_id, job_id);
    let started = 0;
    let skipped = 0;
    for await (const account of deps.accountsOf(environment_id, job.spec.integration_name)) {
      try {
        const request = { environmentId: environment_id, jobId: job.id, accountId: account.id };
        await deps.startRun(request);
        started += 1;
      } catch (error) {
        // One account that cannot be run must not keep the others from running.
        if (!(error instanceof CallerError)) throw error;
        skipped += 1;
      }
    }
    return { started, skipped };
  };
}
