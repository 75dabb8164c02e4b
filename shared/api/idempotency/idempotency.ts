/**
 * `Idempotency-Key`: the same request with the same key takes effect once.
 *
 * No answer is stored, only its status and the id of what it made: a repeat reads the thing back.
 * A request that fails is forgotten, so that its key can be used again, where it changed nothing or
 * where making it once more does no harm. Else nobody knows what came of it, and that is remembered:
 * a repeat could take effect a second time.
 *
 * Shape   one item per environment and key:
 *         `{ state, owner, requestMac, status?, sealedId?, deadAtMs?, untilMs }`.
 *         `deadAtMs`: when an attempt without an outcome counts as dead; `untilMs`: the end of the 24 h.
 *         `requestMac` is keyed by the caller's key, of which only a hash is stored: the record
 *         does not help to guess a credential in the body.
 * Errors  {@link IdempotencyKeyReusedError}, {@link IdempotencyInProgressError},
 *         {@link IdempotencyOutcomeUnknownError}, InvalidRequestError
 */
import { createHmac } from 'node:crypto';
import * as z from 'zod';
import type { Principal } from '../../access/authenticate.ts';
import { idempotencyKey } from '../../aws/keys.ts';
import { type Condition, ConditionFailedError, type ItemKey, type Table } from '../../aws/table.ts';
import type { Clock } from '../../kernel/clock.ts';
import {
  ConflictError,
  ContentionError,
  InvalidRequestError,
  UnprocessableError,
} from '../../kernel/errors.ts';
import type { IdFactory } from '../../kernel/id.ts';
import { ACCOUNT_HEADER } from '../accounts/called-account.ts';
import type { ApiRequest } from '../http/api-message.ts';
import type { Reply } from '../http/route.ts';
import { openId, sealId } from '../http/sealed-id.ts';
import { changedNothing } from './changed-nothing.ts';

/** The key came before, with another request. */
export class IdempotencyKeyReusedError extends UnprocessableError {
  override readonly code = 'idempotency_key_reused';
}

/** The first request with this key has not been answered yet. */
export class IdempotencyInProgressError extends ContentionError {
  override readonly name = 'IdempotencyInProgressError';
  readonly code = 'idempotency_in_progress';
}

/** The first request may have taken effect: only the caller can find out, and decide. */
export class IdempotencyOutcomeUnknownError extends ConflictError {
  override readonly code = 'idempotency_outcome_unknown';
}

export interface KeyedCall {
  readonly key: string;
  readonly caller: Principal;
  readonly request: ApiRequest;
  run(): Promise<Reply<unknown>>;
  /** The answer to a repeat, read from the thing itself. */
  recall(id: string): Promise<Reply<unknown>>;
  /** Whether it may be run again where nobody knows what came of it. Absent: it may. */
  isRepeatable?: (() => Promise<boolean>) | undefined;
}

export type OncePerKey = (call: KeyedCall) => Promise<Reply<unknown>>;

interface IdempotencyDependencies {
  readonly table: Table;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<IdFactory, 'make'>;
  /** Longer than the function may run for one request: then an attempt without an outcome is dead. */
  readonly attemptMs: number;
}

const REMEMBERED_MS = 24 * 60 * 60 * 1_000;
const KEY = /^[\x21-\x7e]{1,255}$/;

const record = z.object({
  state: z.enum(['running', 'done', 'unknown']),
  owner: z.string(),
  requestMac: z.string(),
  status: z.number().optional(),
  sealedId: z.string().optional(),
  deadAtMs: z.number().optional(),
});
type FirstCall = z.output<typeof record>;

/** @throws IdempotencyKeyReusedError, IdempotencyInProgressError, IdempotencyOutcomeUnknownError, InvalidRequestError */
export function createOncePerKey({
  table,
  clock,
  ids,
  attemptMs,
}: IdempotencyDependencies): OncePerKey {
  return async (call) => {
    if (!KEY.test(call.key)) {
      throw new InvalidRequestError('the request is not valid', [
        { path: 'idempotency-key', message: 'must be 1 to 255 visible ascii characters' },
      ]);
    }
    const item = idempotencyKey(call.caller.environmentId, call.key);
    const own = { requestMac: macOf(call), owner: ids.make('idem') };
    if (await claim(item, own, unclaimed(clock.now()))) return finish(item, own.owner, call);
    const first = await firstOf(item, own.requestMac);
    if (first.state === 'done') return replayed(first, call);
    const isDead = first.deadAtMs !== undefined && first.deadAtMs <= clock.now();
    if (first.state === 'running' && !isDead) throw stillRunning();
    if (first.state === 'unknown' || !(await mayRepeat(call))) throw outcomeUnknown();
    const dead = { when: '#owner = :dead', values: { dead: first.owner } };
    if (!(await claim(item, own, dead))) throw stillRunning();
    return finish(item, own.owner, call);
  };

  async function claim(
    key: ItemKey,
    own: { requestMac: string; owner: string },
    condition: Condition,
  ): Promise<boolean> {
    const nowMs = clock.now();
    const times = { deadAtMs: nowMs + attemptMs, ...until(nowMs + REMEMBERED_MS) };
    try {
      await table.put({ ...key, ...own, state: 'running', ...times }, condition);
      return true;
    } catch (error) {
      if (error instanceof ConditionFailedError) return false;
      throw error;
    }
  }

  async function finish(key: ItemKey, owner: string, call: KeyedCall): Promise<Reply<unknown>> {
    const mine = { when: '#owner = :owner', values: { owner } };
    let reply: Reply<unknown>;
    try {
      reply = await call.run();
    } catch (error) {
      const forgets = changedNothing(error) || (await mayRepeat(call));
      const noted = forgets
        ? table.delete(key, mine)
        : table.update(key, { set: { state: 'unknown' } }, mine);
      // The error is the answer; a record that stays as it is counts as an attempt that died.
      await noted.catch(() => undefined);
      throw error;
    }
    const set = {
      state: 'done',
      ...until(clock.now() + REMEMBERED_MS),
      status: reply.status,
      sealedId: reply.id === undefined ? undefined : sealId(reply.id, call.key, owner),
    };
    await table.update(key, { set }, mine);
    return reply;
  }

  async function firstOf(key: ItemKey, requestMac: string): Promise<FirstCall> {
    const stored = await table.get(key);
    // Gone between our two calls: the first attempt failed just now.
    if (!stored) throw stillRunning();
    const first = record.parse(stored);
    if (first.requestMac === requestMac) return first;
    throw new IdempotencyKeyReusedError('the idempotency key came before with another request');
  }
}

function unclaimed(nowMs: number): Condition {
  return { when: 'attribute_not_exists(#pk) OR #untilMs <= :now', values: { now: nowMs } };
}

async function replayed(first: FirstCall, call: KeyedCall): Promise<Reply<unknown>> {
  const { sealedId, owner } = first;
  const id = sealedId === undefined ? '' : openId(sealedId, call.key, owner);
  const reply = await call.recall(id);
  return {
    ...reply,
    ...(first.status !== undefined && { status: first.status }),
    headers: { ...reply.headers, 'idempotency-replayed': 'true' },
  };
}

/** What cannot be told is not repeated. */
async function mayRepeat({ isRepeatable }: KeyedCall): Promise<boolean> {
  return isRepeatable ? isRepeatable().catch(() => false) : true;
}

function stillRunning(): IdempotencyInProgressError {
  return new IdempotencyInProgressError('the first request is still running');
}

function outcomeUnknown(): IdempotencyOutcomeUnknownError {
  return new IdempotencyOutcomeUnknownError(
    'the first request may have taken effect: look whether the record is there, and use another key to write it',
  );
}

/** `ttl` is the broom, in seconds; what counts is `untilMs`. */
function until(untilMs: number): { readonly untilMs: number; readonly ttl: number } {
  return { untilMs, ttl: Math.ceil(untilMs / 1_000) };
}

function macOf({ key, request }: KeyedCall): string {
  const query = new URLSearchParams(
    [...request.query].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
  // The account may be named by a header alone, and the same write for another is another.
  const account = request.headers[ACCOUNT_HEADER] ?? '';
  return createHmac('sha256', key)
    .update(JSON.stringify([request.method, request.path, query.toString(), account]))
    .update(request.body.reveal())
    .digest('hex');
}
