/** The breaker under any history of several processes that share one circuit. */
import * as fc from 'fast-check';
import { CircuitOpenError } from '#shared/provider/breaker/circuit.ts';
import type { Outcome, Pass } from '#shared/provider/breaker/circuit-watch.ts';
import {
  aBreakerWorld,
  type BreakerWorld,
  CALL_MS,
  RULE,
  UPSTREAM,
} from '../../../support/doubles/breaker.ts';
import { createMemoryTable } from '../../../support/doubles/memory-table.ts';

interface Step {
  readonly afterMs: number;
  readonly process: number;
  readonly action: 'call' | 'end';
  readonly outcome: Outcome;
}

const PROCESSES = 4;
const step = (outcomes: readonly Outcome[]): fc.Arbitrary<Step> =>
  fc.record({
    afterMs: fc.constantFrom(0, 0, 0, 1, 999, 5_000, 10_000),
    process: fc.nat({ max: PROCESSES - 1 }),
    action: fc.constantFrom('call', 'call', 'end'),
    outcome: fc.constantFrom(...outcomes),
  });

interface Sent {
  readonly pass: Pass;
  readonly untilMs: number;
  /** Whether the circuit was open when it set out. */
  readonly isProbe: boolean;
}

class History {
  readonly #world: BreakerWorld = aBreakerWorld(createMemoryTable());
  readonly #processes = Array.from({ length: PROCESSES }, () => this.#world.process());
  #sent: Sent[] = [];
  #isOpen = false;
  /** Processes that know that it is open: by a refusal, or by having opened it. */
  readonly #know = new Set<number>();
  probesAtOnce = 0;

  get changes() {
    return this.#world.changes;
  }

  async play({ afterMs, process, action, outcome }: Step): Promise<void> {
    this.#world.clock.advance(afterMs);
    // A call ends by its hard limit, or its process has died.
    this.#sent = this.#sent.filter(({ untilMs }) => untilMs > this.#world.clock.now());
    if (action === 'call') await this.#call(process);
    else await this.#end(outcome);
    this.#isOpen = this.changes.at(-1)?.state === 'open';
    if (!this.#isOpen) this.#know.clear();
  }

  async #call(process: number): Promise<void> {
    try {
      const pass = await this.#processes[process]!.admit(UPSTREAM, CALL_MS);
      const untilMs = this.#world.clock.now() + CALL_MS;
      this.#sent.push({ pass, untilMs, isProbe: this.#isOpen && this.#know.has(process) });
    } catch (error) {
      if (!(error instanceof CircuitOpenError)) throw error;
      this.#know.add(process);
    }
    const probes = this.#sent.filter(({ isProbe }) => isProbe).length;
    this.probesAtOnce = Math.max(this.probesAtOnce, probes);
  }

  async #end(outcome: Outcome): Promise<void> {
    const sent = this.#sent.shift();
    await sent?.pass.settle(outcome);
  }
}

async function played(steps: readonly Step[], opening = OPENING): Promise<History> {
  const history = new History();
  for (const next of [...opening, ...steps]) await history.play(next);
  return history;
}

const at = (process: number, action: Step['action'], outcome: Outcome, afterMs = 0): Step => ({
  process,
  action,
  outcome,
  afterMs,
});
/** One process opens it and the others learn of that: else few histories would come to a probe. */
const OPENING: readonly Step[] = [
  ...Array.from({ length: RULE.failures }).flatMap(() => [
    at(0, 'call', 'failed'),
    at(0, 'end', 'failed'),
  ]),
  ...Array.from({ length: PROCESSES }, (_, process) => at(process, 'call', 'failed')),
];

describe('a circuit that several processes share', () => {
  it('lets at most one of those that know it to be open try at a time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step(['failed', 'failed', 'failed', 'alive', 'unknown']), { maxLength: 120 }),
        async (steps) => {
          expect((await played(steps)).probesAtOnce).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never opens where no call fails', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step(['alive', 'unknown']), { maxLength: 60 }), async (steps) => {
        expect((await played(steps, [])).changes).toEqual([]);
      }),
    );
  });

  it('tells of every change once: open and closed take turns', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step(['failed', 'failed', 'alive']), { maxLength: 120 }),
        async (steps) => {
          const told = (await played(steps)).changes.filter(({ again }) => !again);
          const turns = told.map((_, index) => (index % 2 === 0 ? 'open' : 'closed'));
          expect(told.map(({ state }) => state)).toEqual(turns);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('opens with the last of a run of failures in one process, never before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: RULE.windowMs - 1 }), { minLength: 1, maxLength: 12 }),
        async (pauses) => {
          const { process, clock, changes } = aBreakerWorld(createMemoryTable());
          const breaker = process();
          const openedAfter: number[] = [];
          for (const [index, afterMs] of pauses.slice(0, RULE.failures).entries()) {
            clock.advance(afterMs);
            await (await breaker.admit(UPSTREAM, CALL_MS)).settle('failed');
            if (changes.length > 0) openedAfter.push(index + 1);
          }
          const isEnough = pauses.length >= RULE.failures;
          expect(openedAfter).toEqual(isEnough ? [RULE.failures] : []);
        },
      ),
    );
  });
});
