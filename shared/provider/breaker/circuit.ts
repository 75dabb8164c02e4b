/**
 * The circuit of one upstream: an integration at a host, whoever's accounts call it.
 *
 * | state     | means                                              | ends                                  |
 * | --------- | -------------------------------------------------- | ------------------------------------- |
 * | closed    | calls go out; a run of failures is counted         | enough failures in a run: open        |
 * | open      | calls are refused at once                          | at `openUntilMs`: half-open           |
 * | half_open | one call at a time may try, the others are refused | it succeeds: closed; it fails: open,  |
 * |           |                                                    | for twice as long, up to a limit      |
 *
 * Half-open is not stored: it is an open circuit whose time has come.
 *
 * Units   `*AtMs`, `*UntilMs`: milliseconds since the epoch; `openForMs`: milliseconds
 * Errors  {@link CircuitOpenError}
 */
import { UpstreamError } from '../../kernel/errors.ts';

export interface Upstream {
  readonly integration: string;
  /** With a port where it is not the scheme's own. */
  readonly host: string;
}

export interface Circuit {
  readonly state: 'closed' | 'open';
  /** Of the run under way, as far as processes have told of them. */
  readonly failures: number;
  readonly lastFailureAtMs: number;
  readonly openedAtMs: number;
  readonly openUntilMs: number;
  readonly openForMs: number;
  /** Until then a probe is under way, unless its process died. */
  readonly probeUntilMs: number;
  /** Rises with every change of state and with every probe: a late probe changes nothing. */
  readonly fence: number;
}

export type CircuitState = 'closed' | 'open' | 'half_open';

export interface BreakerRule {
  /** Failures in a run, without a success between them, that open the circuit. */
  readonly failures: number;
  /** A run ends when no failure follows for this long. */
  readonly windowMs: number;
  /** How long the circuit stays open the first time. */
  readonly openMs: number;
  /** Every failed probe doubles the time, up to this. */
  readonly maxOpenMs: number;
}

export const DEFAULT_RULE: BreakerRule = {
  failures: 5,
  windowMs: 60_000,
  openMs: 10_000,
  maxOpenMs: 300_000,
};

export function stateOf(circuit: Circuit | undefined, nowMs: number): CircuitState {
  if (circuit?.state !== 'open') return 'closed';
  return circuit.openUntilMs <= nowMs ? 'half_open' : 'open';
}

/** How long to stay open after one more failed probe. */
export function longer(openForMs: number, rule: BreakerRule): number {
  return Math.min(openForMs * 2, rule.maxOpenMs);
}

/** The upstream failed so often that nothing is sent to it for a while. */
export class CircuitOpenError extends UpstreamError {
  override readonly name = 'CircuitOpenError';
  readonly code = 'circuit_open';
  override readonly status = 503;

  constructor({ integration }: Upstream, afterMs: number) {
    const retry = { afterMs: Math.max(1_000, afterMs) };
    super('the provider fails, so calls to it are held back', { integration }, { retry });
  }
}
