/** Settings of proxy-api. */
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
  /** What a caller may ask for with x-timeout-ms. */
  PROXY_MAX_TIMEOUT_MS: milliseconds.default(29_000),
});

/** What infra/ must set. */
export type Environment = z.input<typeof configSchema>;
