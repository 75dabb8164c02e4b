/**
 * The breaker of calls to providers. Who runs the deployment hears of a change by a log line; telling
 * subscribers takes a queue, which a function on a caller's path does not have: pass `onChange`.
 */
import * as z from 'zod';
import { type Breaker, createBreaker } from '../../provider/breaker/breaker.ts';
import { DEFAULT_RULE } from '../../provider/breaker/circuit.ts';
import { createCircuitStore } from '../../provider/breaker/circuit-store.ts';
import type { CircuitChange } from '../../provider/breaker/circuit-watch.ts';
import type { Log } from '../telemetry.ts';
import { milliseconds } from './egress.ts';
import type { Storage } from './storage.ts';

export const breakerSettings = {
  BREAKER_FAILURES: z.coerce.number().int().positive().default(DEFAULT_RULE.failures),
  BREAKER_OPEN_MS: milliseconds.default(DEFAULT_RULE.openMs),
  BREAKER_MAX_OPEN_MS: milliseconds.default(DEFAULT_RULE.maxOpenMs),
} as const;

export type BreakerSettings = { readonly [Name in keyof typeof breakerSettings]?: number };

export function createProviderBreaker(
  { table, clock }: Pick<Storage, 'table' | 'clock'>,
  settings: BreakerSettings,
  log: Log,
  onChange?: (change: CircuitChange) => void,
): Breaker {
  const rule = {
    failures: settings.BREAKER_FAILURES ?? DEFAULT_RULE.failures,
    windowMs: DEFAULT_RULE.windowMs,
    openMs: settings.BREAKER_OPEN_MS ?? DEFAULT_RULE.openMs,
    maxOpenMs: settings.BREAKER_MAX_OPEN_MS ?? DEFAULT_RULE.maxOpenMs,
  };
  return createBreaker({
    store: createCircuitStore({ table, clock, rule }),
    clock,
    rule,
    onChange(change) {
      logChange(log, change);
      onChange?.(change);
    },
    onTrouble: (error) => log.warn('the breaker could not reach the table', {}, error),
  });
}

function logChange(log: Log, { integration, host, state, again, openForMs }: CircuitChange): void {
  const fields = { provider: integration, host, state, again, open_for_ms: openForMs };
  if (state === 'open') log.warn('provider:circuit_open', fields);
  else log.info('provider:circuit_closed', fields);
}
