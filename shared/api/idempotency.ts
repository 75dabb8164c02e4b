/**
 * `Idempotency-Key`: the same request with the same key takes effect once.
 *
 * No answer is stored, only its status and the id of what it made: a repeat reads the thing back.
 * A request that fails is forgotten, so that its key can be used again: it changed nothing, or what
 * it changed is found again by the handler's own conditions.
 *
 * Shape   one item per environment and key: `{ state, owner, requestMac, status?, resourceId?, untilMs }`.
 *         `untilMs`: while running, when the attempt counts as dead; when done, the end of the 24 h.
 *         `requestMac` is keyed by the caller's key, of which only a hash is stored: the record
 *         does not help to guess a credential in the body.
 * Errors  {@link IdempotencyKeyReusedError}, {@link IdempotencyInProgressError}, InvalidRequestError
 */
import { createHmac } from 'node:crypto';
import * as z from 'zod';
import type { Principal } from '../access/authenticate.ts';
import { idempotencyKey } from '../aws/keys.ts';
import { ConditionFailedError, type ItemKey, type Table } from '../aws/table.ts';
import type { Clock } from '../kernel/clock.ts';
import { ContentionError, InvalidRequestError, UnprocessableError } from '../kernel/errors.ts';
import type { IdFactory } from '../kernel/id.ts';
import type { ApiRequest } from './api-message.ts';
import { ACCOUNT_HEADER } from './called-account.ts';
import type { Reply } from './route.ts';

/** The key came before, with another request. */
export class IdempotencyKeyReusedError extends UnprocessableError {
  override readonly code = 'idempotency_key_reused';
}

/** The first request with this key has not been answered yet. */
export class IdempotencyInProgressError extends ContentionError {
  override readonly name = 'IdempotencyInProgressError';
  readonly code = 'idempotency_in_progress';
}

export interface KeyedCall {
  readonly key: string;
  readonly caller: Principal;
  readonly request: ApiRequest;
  run(): Promise<Reply<unknown>>;
  /** The answer to a repeat, read from the thing itself. */
  recall(id: string): Promise<Reply<unknown>>;
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
  state: z.enum(['running', 'done']),
  requestMac: z.string(),
  status: z.number().optional(),
  resourceId: z.string().optional(),
});

/** @throws IdempotencyKeyReusedError, IdempotencyInProgressError, InvalidRequestError */
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
    const requestMac = macOf(call);
    const owner = ids.make('idem');
    const started = await start(item, { requestMac, owner });
    if (!started) return repeat(item, requestMac, call);
    return finish(item, owner, call);
  };

  async function start(key: ItemKey, own: { requestMac: string; owner: string }): Promise<boolean> {
    const nowMs = clock.now();
    try {
      await table.put(
        { ...key, ...own, state: 'running', ...until(nowMs + attemptMs) },
        { when: 'attribute_not_exists(#pk) OR #untilMs <= :now', values: { now: nowMs } },
      );
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
      // The error is the answer; a record that stays behind lapses by itself.
      await table.delete(key, mine).catch(() => undefined);
      throw error;
    }
    const set = {
      state: 'done',
      ...until(clock.now() + REMEMBERED_MS),
      status: reply.status,
      resourceId: reply.id,
    };
    await table.update(key, { set }, mine);
    return reply;
  }

  async function repeat(
    key: ItemKey,
    requestMac: string,
    call: KeyedCall,
  ): Promise<Reply<unknown>> {
    const stored = await table.get(key);
    // Gone between our two calls: the first attempt failed just now.
    if (!stored) throw new IdempotencyInProgressError('the first request is still running');
    const first = record.parse(stored);
    if (first.requestMac !== requestMac) {
      throw new IdempotencyKeyReusedError('the idempotency key came before with another request');
    }
    if (first.state === 'running') {
      throw new IdempotencyInProgressError('the first request is still running');
    }
    const reply = await call.recall(first.resourceId ?? '');
    return {
      ...reply,
      ...(first.status !== undefined && { status: first.status }),
      headers: { ...reply.headers, 'idempotency-replayed': 'true' },
    };
  }
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
