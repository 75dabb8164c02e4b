/** What starts a run, whether it is delivered or streamed. */
import * as z from 'zod';
import type { Principal } from '../../access/authenticate.ts';
import { type AccountId, brandId, type JobId } from '../../kernel/id.ts';
import type { StartRequest } from '../../sync/start/start-run.ts';

export const startBody = z
  .strictObject({
    integrated_account_id: z
      .string()
      .min(1)
      .transform((text): AccountId => brandId(text)),
    full_resync: z.boolean().default(false).describe('Reads everything, whatever was read before.'),
    args: z
      .record(z.string(), z.json())
      .default({})
      .describe('Values for `{{args.…}}` of the job.'),
  })
  .meta({ id: 'SyncRunInput' });

export function startOf(
  { environmentId }: Principal,
  jobId: JobId,
  body: z.output<typeof startBody>,
): StartRequest {
  return {
    environmentId,
    jobId,
    accountId: body.integrated_account_id,
    fullResync: body.full_resync,
    args: body.args,
  };
}
