/**
 * Where a list stands that its provider prepares first.
 *
 * Shape   preparing: asked after from `askAtMs` on, given up at `giveUpAtMs`; reading: `inner` is the
 *         place in the result; removing: the last page has been read
 * Units   what was captured: at most {@link MAX_CAPTURED_BYTES} of JSON in all
 * Errors  InvalidCursorError; ProviderError where an answer lacks what is captured
 */
import * as z from 'zod';
import { evaluateOr } from '../../expression/evaluate-or.ts';
import type { Expression } from '../../expression/expression.ts';
import type { JobCapture } from '../../integration/pieces/job.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { structuralError } from '../../provider/classify.ts';
import type { Answer } from '../../wire/decode/answer.ts';
import { InvalidCursorError } from '../paging/state.ts';
import { keepable } from '../pieces/place.ts';

export type Captured = Readonly<Record<string, string>>;

export type JobState =
  | {
      readonly phase: 'preparing';
      readonly job: Captured;
      readonly askAtMs: number;
      readonly giveUpAtMs: number;
    }
  | { readonly phase: 'reading'; readonly job: Captured; readonly inner?: Json }
  | { readonly phase: 'removing'; readonly job: Captured };

const captured = z.record(z.string(), z.string());
const stored = z.discriminatedUnion('phase', [
  z.strictObject({
    phase: z.literal('preparing'),
    job: captured,
    askAtMs: z.number(),
    giveUpAtMs: z.number(),
  }),
  z.strictObject({ phase: z.literal('reading'), job: captured, inner: z.json().optional() }),
  z.strictObject({ phase: z.literal('removing'), job: captured }),
]);

/** @throws InvalidCursorError */
export function readJobState(cursor: Json): JobState {
  const { success, data } = stored.safeParse(cursor);
  if (!success) throw new InvalidCursorError('the cursor is not of this list');
  if (data.phase !== 'reading') return data;
  const { inner, ...state } = data;
  return inner === undefined ? state : { ...state, inner };
}

/** @throws ProviderError where it is too long to keep */
export function jobStateJson(state: JobState, integration: string): JsonObject {
  return keepable({ ...state }, integration);
}

const MAX_CAPTURED_BYTES = 1_024;

/**
 * What an answer says, beside what is known already.
 *
 * @param needed whether something must stand wherever the integration looks
 * @throws ProviderError
 */
export function capture(
  rules: JobCapture,
  answer: Answer,
  known: Captured,
  options: { readonly integration: string; readonly needed: boolean },
): Captured {
  const scope = answer.scope.reveal();
  const all: Record<string, string> = { ...known };
  const fail = (reason: string) => structuralError(options.integration, answer.status, reason);
  for (const [name, expression] of Object.entries(rules)) {
    const value = evaluateOr(undefined, () => expression.evaluate(scope));
    if (typeof value === 'string' || typeof value === 'number') all[name] = String(value);
    else if (options.needed && !Object.hasOwn(all, name)) {
      throw fail('the job is not where the integration says');
    }
  }
  if (Buffer.byteLength(JSON.stringify(all)) <= MAX_CAPTURED_BYTES) return all;
  throw fail('what the job is told by is too long to keep');
}

/** @throws ProviderError where the rule yields no boolean: a renamed state must not wait for ever */
export function isDone(done: Expression, answer: Answer, integration: string): boolean {
  const value = evaluateOr(undefined, () => done.evaluate(answer.scope.reveal()));
  if (typeof value === 'boolean') return value;
  throw structuralError(integration, answer.status, 'whether the job is done is not true or false');
}

export function hasFailed(failed: Expression | undefined, answer: Answer): boolean {
  return evaluateOr(undefined, () => failed?.evaluate(answer.scope.reveal())) === true;
}
