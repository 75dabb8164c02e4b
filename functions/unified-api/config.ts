/** Settings of unified-api. */
import * as z from 'zod';
import { milliseconds } from '#shared/runtime/compose/egress.ts';
import { eventSettings } from '#shared/runtime/compose/events.ts';
import { providerSettings } from '#shared/runtime/compose/providers.ts';
import { storageSettings } from '#shared/runtime/compose/storage.ts';
import { telemetrySettings } from '#shared/runtime/telemetry.ts';

export const configSchema = z.object({
  ...telemetrySettings,
  ...storageSettings,
  ...providerSettings,
  ...eventSettings,
  /** Longer than Lambda lets one request take: then an attempt without an outcome is dead. */
  ATTEMPT_MS: milliseconds,
});

/** What infra/ must set. */
export type Environment = z.input<typeof configSchema>;
