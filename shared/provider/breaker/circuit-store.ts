/**
 * Where processes share what they know of an upstream: one item each, changed by conditional
 * writes. Every write says in its condition which state it changes, so that of two only one wins.
 *
 * Shape   `BRK#integration#host` / `STATE`: counts and times, see circuit.ts. In `gsi1` while it is
 *         open. A circuit that never failed has no item; one that closed long ago loses it (`ttl`).
 */
import * as z from 'zod';
import { circuitKey, circuitListing, openCircuitsPartition } from '../../aws/keys.ts';
import { type Change, type Condition, ConditionFailedError, type Table } from '../../aws/table.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type BreakerRule, type Circuit, longer, type Upstream } from './circuit.ts';

export type ProbeEnd = 'passed' | 'failed' | 'unknown';

/** Each change answers with the circuit after it, or undefined where the circuit is in another state. */
export interface CircuitStore {
  read(upstream: Upstream): Promise<Circuit | undefined>;
  /** Adds to the run of failures of a closed circuit, or begins one. */
  count(upstream: Upstream, failures: number): Promise<Circuit | undefined>;
  /** Opens a circuit whose run is long enough. */
  open(upstream: Upstream): Promise<Circuit | undefined>;
  /** Ends the run of a closed circuit: a call succeeded. */
  forgive(upstream: Upstream): Promise<Circuit | undefined>;
  /** Takes the right to try a half-open circuit, for `forMs` at most. */
  takeProbe(upstream: Upstream, forMs: number): Promise<Circuit | undefined>;
  /** Ends the probe that was taken as `probe`. */
  endProbe(upstream: Upstream, probe: Circuit, end: ProbeEnd): Promise<Circuit | undefined>;
}

export interface CircuitStoreDeps {
  readonly table: Pick<Table, 'get' | 'update'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly rule: BreakerRule;
}

const KEPT_MS = 86_400_000;
const MAX_LISTED = 1_000;

const storedCircuit = z.object({
  state: z.enum(['closed', 'open']),
  failures: z.int().default(0),
  lastFailureAtMs: z.int().default(0),
  openedAtMs: z.int().default(0),
  openUntilMs: z.int().default(0),
  openForMs: z.int().default(0),
  probeUntilMs: z.int().default(0),
  fence: z.int().default(0),
}) satisfies z.ZodType<Circuit>;
const listedCircuit = storedCircuit.extend({ integration: z.string(), host: z.string() });

export function createCircuitStore({ table, clock, rule }: CircuitStoreDeps): CircuitStore {
  const change = async (upstream: Upstream, { set, ...rest }: Change, condition: Condition) => {
    const ttl = Math.ceil((clock.now() + KEPT_MS) / 1_000);
    try {
      return storedCircuit.parse(
        await table.update(circuitKey(upstream), { set: { ...set, ttl }, ...rest }, condition),
      );
    } catch (error) {
      if (error instanceof ConditionFailedError) return undefined;
      throw error;
    }
  };
  /** A run whose last failure is before this has ended. */
  const staleAtMs = () => clock.now() - rule.windowMs;

  return {
    async read(upstream) {
      const item = await table.get(circuitKey(upstream));
      return item && storedCircuit.parse(item);
    },

    async count(upstream, failures) {
      const lastFailureAtMs = clock.now();
      const values = { stale: staleAtMs(), closed: 'closed' };
      const goOn = () =>
        change(
          upstream,
          { set: { lastFailureAtMs }, add: { failures } },
          { when: '#state = :closed AND #lastFailureAtMs > :stale', values },
        );
      const begin = () =>
        change(
          upstream,
          { set: { state: 'closed', failures, lastFailureAtMs, ...upstream } },
          {
            when: 'attribute_not_exists(#state) OR (#state = :closed AND #lastFailureAtMs <= :stale)',
            values,
          },
        );
      // The second time for who was not the only one to begin a run.
      return (await goOn()) ?? (await begin()) ?? goOn();
    },

    open(upstream) {
      const openedAtMs = clock.now();
      const openForMs = rule.openMs;
      const set = { state: 'open', openedAtMs, openForMs, openUntilMs: openedAtMs + openForMs };
      return change(
        upstream,
        { set: { ...set, probeUntilMs: 0, ...circuitListing(upstream) }, add: { fence: 1 } },
        {
          when: '#state = :closed AND #failures >= :enough AND #lastFailureAtMs > :stale',
          values: { closed: 'closed', enough: rule.failures, stale: staleAtMs() },
        },
      );
    },

    forgive: (upstream) =>
      change(
        upstream,
        { set: { failures: 0 } },
        { when: '#state = :closed', values: { closed: 'closed' } },
      ),

    takeProbe(upstream, forMs) {
      const nowMs = clock.now();
      return change(
        upstream,
        { set: { probeUntilMs: nowMs + forMs }, add: { fence: 1 } },
        {
          when: '#state = :open AND #openUntilMs <= :now AND #probeUntilMs <= :now',
          values: { open: 'open', now: nowMs },
        },
      );
    },

    endProbe: (upstream, { fence, openForMs }, end) =>
      change(upstream, changeOfEnd(end, openForMs, clock.now(), rule), {
        when: '#state = :open AND #fence = :fence',
        values: { open: 'open', fence },
      }),
  };
}

function changeOfEnd(end: ProbeEnd, openForMs: number, nowMs: number, rule: BreakerRule): Change {
  if (end === 'unknown') return { set: { probeUntilMs: 0 } };
  if (end === 'passed') {
    const set = { state: 'closed', failures: 0, probeUntilMs: 0 };
    return { set, add: { fence: 1 }, remove: ['gsi1pk', 'gsi1sk'] };
  }
  const nextMs = longer(openForMs, rule);
  const set = { openForMs: nextMs, openUntilMs: nowMs + nextMs, probeUntilMs: 0 };
  return { set, add: { fence: 1 } };
}

/** Every circuit that is open just now, half-open ones among them; seconds late at most. */
export function createListOpenCircuits(table: Pick<Table, 'query'>) {
  return async (): Promise<readonly (Circuit & Upstream)[]> => {
    const partition = openCircuitsPartition();
    const { items } = await table.query({ index: 'gsi1', partition, limit: MAX_LISTED });
    return items.map((item) => listedCircuit.parse(item));
  };
}
