/** Settings of control-api. */
import * as z from 'zod';
import { catalogueSettings } from '#shared/runtime/compose/catalogue-file.ts';
import { eventSettings } from '#shared/runtime/compose/events.ts';
import { storageSettings } from '#shared/runtime/compose/storage.ts';
import { stepQueueSettings } from '#shared/runtime/compose/sync.ts';
import { telemetrySettings } from '#shared/runtime/telemetry.ts';

export const configSchema = z.object({
  ...telemetrySettings,
  ...storageSettings,
  ...catalogueSettings,
  ...eventSettings,
  ...stepQueueSettings,
  SCHEDULE_GROUP: z.string().min(1),
  /** The role under which schedules fire. */
  SCHEDULE_ROLE_ARN: z.string().min(1),
  START_QUEUE_ARN: z.string().min(1),
  /** Spreads jobs that share an hour; 0: on the minute. */
  SCHEDULE_WINDOW_MINUTES: z.coerce.number().int().min(0).max(1_440).default(0),
});

/** What infra/ must set. */
export type Environment = z.input<typeof configSchema>;
