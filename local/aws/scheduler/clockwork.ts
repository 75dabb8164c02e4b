/**
 * Fires schedules: finds what is due, records that it fired, and calls the target until that
 * succeeds or the retry policy gives up.
 *
 * A firing is written down together with the schedule's progress before its target is called, so
 * a kill in between delays a firing and never loses one; a target may be called twice.
 * What was due while nothing ran fires once at the next start, not once for every time missed.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Random } from '#shared/kernel/random.ts';
import type { Firing, Schedule } from './schedule.ts';
import { parseTiming, type Timing } from './schedule-expression.ts';
import type { ScheduleStore } from './schedule-store.ts';

/** Calls the target of a firing, or sends it to the dead-letter queue. */
export interface Delivery {
  deliver(firing: Firing): Promise<void>;
  bury(firing: Firing): Promise<void>;
}

export interface ClockworkDeps {
  readonly store: ScheduleStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly onFault: (what: string, error: unknown) => void;
  readonly arnOf: (schedule: Schedule) => string;
}

const MINUTE_MS = 60_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** A timer never sleeps longer, so that a machine that slept wakes to what it missed. */
const LONGEST_SLEEP_MS = 30_000;

export class Clockwork {
  readonly #deps: ClockworkDeps;
  readonly #underWay = new Map<string, Promise<void>>();
  #delivery: Delivery | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: ClockworkDeps) {
    this.#deps = deps;
  }

  start(delivery: Delivery): void {
    this.#delivery = delivery;
    this.wake();
  }

  /** Stops firing and waits for the calls under way; what they leave unfinished is retried later. */
  async stop(): Promise<void> {
    this.#delivery = undefined;
    clearTimeout(this.#timer);
    await Promise.allSettled(this.#underWay.values());
  }

  /** Fires all that is due now and sets the alarm for what comes next. */
  wake(): void {
    const delivery = this.#delivery;
    if (!delivery) return;
    clearTimeout(this.#timer);
    for (const schedule of this.#deps.store.schedules()) this.#fireIfDue(schedule);
    for (const firing of this.#deps.store.firings()) this.#attemptIfDue(firing, delivery);
    const waitMs = Math.max(
      0,
      Math.min(this.#soonestMs() - this.#deps.clock.now(), LONGEST_SLEEP_MS),
    );
    this.#timer = setTimeout(() => this.wake(), waitMs);
  }

  /** Resolves when no call is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay.values());
  }

  #fireIfDue(schedule: Schedule): void {
    const { store, clock, random } = this.#deps;
    const nowMs = clock.now();
    const dueAtMs = lastDue(schedule, nowMs);
    if (dueAtMs !== undefined) {
      const { target, windowMs } = firingTerms(schedule);
      const fired: Schedule = { ...schedule, lastDueAtMs: dueAtMs };
      store.fire(fired, {
        executionId: randomUUID(),
        scheduleArn: this.#deps.arnOf(schedule),
        group: schedule.group,
        target,
        dueAtMs,
        attempts: 0,
        nextAttemptAtMs: dueAtMs + random.integer(0, windowMs),
      });
      this.#completeIfOver(fired);
    } else {
      this.#completeIfOver(schedule);
    }
  }

  #completeIfOver(schedule: Schedule): void {
    const { definition } = schedule;
    if (definition.State === 'DISABLED' || definition.ActionAfterCompletion !== 'DELETE') return;
    if (nextDue(schedule) === undefined) this.#deps.store.delete(schedule.group, schedule.name);
  }

  #attemptIfDue(firing: Firing, delivery: Delivery): void {
    if (firing.nextAttemptAtMs > this.#deps.clock.now() || this.#underWay.has(firing.executionId))
      return;
    const attempt = this.#attempt(firing, delivery)
      .catch((error) => this.#deps.onFault('a firing could not be settled', error))
      .finally(() => {
        this.#underWay.delete(firing.executionId);
        this.wake();
      });
    this.#underWay.set(firing.executionId, attempt);
  }

  async #attempt(firing: Firing, delivery: Delivery): Promise<void> {
    const { store, clock, onFault } = this.#deps;
    try {
      await delivery.deliver(firing);
      store.deleteFiring(firing.executionId);
    } catch (error) {
      const attempts = firing.attempts + 1;
      const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = firing.target.RetryPolicy;
      const nextAttemptAtMs =
        clock.now() + Math.min(FIRST_RETRY_MS * 2 ** firing.attempts, LONGEST_RETRY_MS);
      const tooOld = nextAttemptAtMs - firing.dueAtMs > MaximumEventAgeInSeconds * 1000;
      if (attempts <= MaximumRetryAttempts && !tooOld) {
        store.putFiring({ ...firing, attempts, nextAttemptAtMs });
        return;
      }
      onFault(`schedule ${firing.scheduleArn} gave up on its target`, error);
      await delivery
        .bury(firing)
        .catch((reason) => onFault('a dead letter of a schedule was lost', reason));
      store.deleteFiring(firing.executionId);
    }
  }

  #soonestMs(): number {
    const { store } = this.#deps;
    const due = store.schedules().map((schedule) => nextDue(schedule) ?? Number.POSITIVE_INFINITY);
    const waiting = store.firings().filter(({ executionId }) => !this.#underWay.has(executionId));
    return Math.min(
      Number.POSITIVE_INFINITY,
      ...due,
      ...waiting.map((firing) => firing.nextAttemptAtMs),
    );
  }
}

/** When the schedule is due next, or undefined where it is over or switched off. */
export function nextDue(schedule: Schedule): number | undefined {
  const timing = timingOf(schedule);
  if (!timing || isSpent(schedule, timing)) return undefined;
  const firstMs = timing.once ? Number.NEGATIVE_INFINITY : lastSilentMs(schedule);
  return withinLife(schedule, timing.next(schedule.lastDueAtMs ?? firstMs));
}

/** The latest time until now that has not fired yet: times that were missed are fired as one. */
function lastDue(schedule: Schedule, nowMs: number): number | undefined {
  const dueAtMs = nextDue(schedule);
  if (dueAtMs === undefined || dueAtMs > nowMs) return undefined;
  return withinLife(schedule, timingOf(schedule)?.latest(nowMs)) ?? dueAtMs;
}

function timingOf({ definition, ...schedule }: Schedule): Timing | undefined {
  if (definition.State === 'DISABLED') return undefined;
  const startMs = startOf({ definition, ...schedule });
  return parseTiming(definition.ScheduleExpression, definition.ScheduleExpressionTimezone, startMs);
}

function isSpent(schedule: Schedule, timing: Timing): boolean {
  return timing.once && schedule.lastDueAtMs !== undefined;
}

function startOf({ definition, anchorMs }: Schedule): number {
  return Math.max(anchorMs, (definition.StartDate ?? 0) * 1000);
}

/** A start date may be a time to fire at; the moment the schedule was made is not. */
function lastSilentMs(schedule: Schedule): number {
  const startMs = startOf(schedule);
  return startMs > schedule.anchorMs ? startMs - 1 : startMs;
}

function withinLife({ definition }: Schedule, dueAtMs: number | undefined): number | undefined {
  const endMs = (definition.EndDate ?? Number.POSITIVE_INFINITY) * 1000;
  return dueAtMs !== undefined && dueAtMs <= endMs ? dueAtMs : undefined;
}

function firingTerms({ definition }: Schedule) {
  const { Mode, MaximumWindowInMinutes = 0 } = definition.FlexibleTimeWindow;
  return {
    target: definition.Target,
    windowMs: Mode === 'FLEXIBLE' ? MaximumWindowInMinutes * MINUTE_MS : 0,
  };
}
