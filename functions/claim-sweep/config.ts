/** Settings of claim-sweep. */
import * as z from 'zod';
import { telemetrySettings } from '#shared/runtime/telemetry.ts';

export const configSchema = z.object({
  ...telemetrySettings,
  CLAIMS_BUCKET: z.string().min(1),
});

/** What infra/ must set. */
export type Environment = z.input<typeof configSchema>;
