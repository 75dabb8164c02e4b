/**
 * Keeps the engine's own calls within what an integration says a provider bears, so that it need
 * not say no. Each account has its own count, in this process; the caller's proxy calls are theirs.
 *
 * A call waits for its turn where that is near. Else it is told when to come back: a sync parks
 * until then, which costs nothing.
 *
 * Units   instants and lengths of time: milliseconds
 * Errors  RateLimitedError with the instant of the turn
 */
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { Integration } from '../integration/document/plan.ts';
import type { Budget } from '../integration/limits/plan.ts';
import type { Clock } from '../kernel/clock.ts';
import { RateLimitedError } from '../wire/provider-errors.ts';

export interface PacedCall {
  readonly account: IntegratedAccount;
  readonly integration: Integration;
  /** `tickets.list`: what `budget` counts. */
  readonly operation: string;
  /** Of the method alone, besides those of all calls. */
  readonly budget?: Budget | undefined;
}

/** Resolves when the call may go. @throws RateLimitedError where that is too far off */
export type Pace = (call: PacedCall) => Promise<void>;

/** Well within the time that a page or a step may take. */
export const LONGEST_TURN_MS = 5_000;

export function createPace(clock: Clock): Pace {
  const logs = new CallLogs();
  return async (call) => {
    const budgets = budgetsOf(call);
    if (budgets.length === 0) return;
    const nowMs = clock.now();
    const counted = budgets.map(([name, budget]) => ({
      log: logs.of(`${call.account.id}/${name}`, nowMs),
      budget,
    }));
    const turnMs = Math.max(...counted.map(({ log, budget }) => nextTurn(log, budget, nowMs)));
    if (turnMs - nowMs > LONGEST_TURN_MS) {
      const detail = { integration: call.integration.name };
      throw new RateLimitedError(undefined, turnMs, nowMs, detail);
    }
    // Before it waits, so that whoever comes meanwhile stands behind it.
    for (const { log, budget } of counted) note(log, budget, turnMs);
    if (turnMs > nowMs) await clock.sleep(turnMs - nowMs);
  };
}

function budgetsOf({ integration, operation, budget }: PacedCall): readonly [string, Budget][] {
  const shared = Object.entries(integration.rateLimit.budgets);
  return budget ? [...shared, [`${operation}()`, budget]] : shared;
}

/** Instants of the last calls, at most as many as the budget has, in order. */
interface CallLog {
  instants: number[];
  /** When it says nothing any more. */
  endsAtMs: number;
}

/** The first instant at which one more call is within the budget, whichever stretch is looked at. */
function nextTurn({ instants }: CallLog, budget: Budget, nowMs: number): number {
  const latest = instants.at(-1) ?? 0;
  const full = instants.length >= budget.requests;
  const freeAtMs = full ? (instants[instants.length - budget.requests] ?? 0) + budget.perMs : 0;
  return Math.max(nowMs, latest, freeAtMs);
}

function note(log: CallLog, { requests, perMs }: Budget, atMs: number): void {
  log.instants.push(atMs);
  log.endsAtMs = atMs + perMs;
  // Cut now and then: cutting each time would copy the list for each call.
  if (log.instants.length > 2 * requests) log.instants = log.instants.slice(-requests);
}

/** Accounts whose calls are all long past are forgotten when there are so many. */
const MANY_LOGS = 5_000;

class CallLogs {
  readonly #logs = new Map<string, CallLog>();

  of(key: string, nowMs: number): CallLog {
    const known = this.#logs.get(key);
    if (known) return known;
    if (this.#logs.size >= MANY_LOGS) this.#forget(nowMs);
    const made: CallLog = { instants: [], endsAtMs: nowMs };
    this.#logs.set(key, made);
    return made;
  }

  #forget(nowMs: number): void {
    for (const [key, log] of this.#logs) {
      if (log.endsAtMs <= nowMs) this.#logs.delete(key);
    }
  }
}
