/** Settings of sync-start. */
import * as z from 'zod';
import { storageSettings } from '#shared/runtime/compose/storage.ts';
import { stepQueueSettings } from '#shared/runtime/compose/sync.ts';
import { telemetrySettings } from '#shared/runtime/telemetry.ts';

export const configSchema = z.object({
  ...telemetrySettings,
  ...storageSettings,
  ...stepQueueSettings,
});

/** What infra/ must set. */
export type Environment = z.input<typeof configSchema>;
