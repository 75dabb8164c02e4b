/** Settings of sync-stream. */
import * as z from 'zod';
import { eventSettings } from '#shared/runtime/compose/events.ts';
import { providerSettings } from '#shared/runtime/compose/providers.ts';
import { storageSettings } from '#shared/runtime/compose/storage.ts';
import { syncTimes } from '#shared/runtime/compose/sync.ts';
import { telemetrySettings } from '#shared/runtime/telemetry.ts';

export const configSchema = z.object({
  ...telemetrySettings,
  ...storageSettings,
  ...providerSettings,
  ...eventSettings,
  ...syncTimes,
});

/** What infra/ must set. */
export type Environment = z.input<typeof configSchema>;
