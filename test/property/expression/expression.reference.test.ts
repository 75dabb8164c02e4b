/**
 * Random expressions over random data give what the reference gives: 10,000 runs.
 *
 * `EXPRESSION_SEED=… ` repeats a run; the seed is printed with every failure.
 */

import { isDeepStrictEqual } from 'node:util';
import jsonata from 'jsonata';
import { ExpressionBudgetError } from '#shared/expression/errors.ts';
import { compileExpression } from '#shared/expression/expression.ts';
import { expression, randomObject, Seeded } from './random-expressions.ts';

const RUNS = 10_000;
const RUNS_PER_TEST = 2_500;
const SEED = Number(process.env['EXPRESSION_SEED'] ?? Date.now() % 1_000_000_000);
const GUARD = { timeout: 1_000, stack: 200, sequence: 10_000 };
/** What the reference's own guards answer; ours count otherwise. */
const GUARDED = ['D1011', 'D1012', 'D2015'];

interface Outcome {
  readonly value?: unknown;
  /** A code, or `crash` where JavaScript failed for want of a check. */
  readonly code?: string;
}

/** Functions as text, as they leave our engine; sequences without their marks. */
function asPlain(value: unknown): unknown {
  if (value === undefined) return undefined;
  const text = JSON.stringify(value, (_key, member) => {
    const isFunction = member?._jsonata_lambda === true || member?._jsonata_function === true;
    return isFunction || typeof member === 'function' ? '' : member;
  });
  return text === undefined ? undefined : JSON.parse(text);
}

async function byReference(text: string, input: unknown): Promise<Outcome> {
  try {
    return { value: asPlain(await jsonata(text, GUARD).evaluate(input)) };
  } catch (error) {
    const { code } = Object(error);
    return { code: typeof code === 'string' ? code : 'crash' };
  }
}

function byOurs(text: string, input: unknown): Outcome {
  try {
    return { value: asPlain(compileExpression(text, {}).evaluate(input)) };
  } catch (error) {
    if (error instanceof ExpressionBudgetError) return { code: 'budget' };
    const { expressionCode } = Object(error);
    return { code: typeof expressionCode === 'string' ? expressionCode : String(error) };
  }
}

function isSame(text: string, ours: Outcome, reference: Outcome): boolean {
  // Where the reference crashes or gives up there is nothing to compare with.
  if (reference.code === 'crash' || GUARDED.includes(reference.code ?? '')) return true;
  // It evaluates the parts of a constructor side by side: any of their failures may come first.
  const isRace = ours.code !== undefined && reference.code !== undefined && /[[{].*,/.test(text);
  if (isRace && ours.code !== 'budget') return true;
  // The same within a copy that a transform has made.
  if (text.includes('{') && JSON.stringify(reference.value)?.includes('[null]')) return true;
  if (ours.code !== undefined || reference.code !== undefined) return ours.code === reference.code;
  return isDeepStrictEqual(ours.value, reference.value);
}

describe(`random expressions, EXPRESSION_SEED=${SEED}`, () => {
  const batches = Array.from({ length: RUNS / RUNS_PER_TEST }, (_batch, index) => index);

  it.each(batches)(
    'give what the reference gives, batch %i',
    async (batch) => {
      const random = new Seeded(SEED + batch);
      const differences: unknown[] = [];
      for (let run = 0; run < RUNS_PER_TEST; run += 1) {
        const text = expression(random, 3);
        const input = randomObject(random);
        const copy = structuredClone(input);
        const reference = await byReference(text, copy);
        const ours = byOurs(text, input);
        // The reference adds an item to an empty array of its input when it groups it.
        if (!isDeepStrictEqual(copy, input)) continue;
        if (!isSame(text, ours, reference))
          differences.push({ text, input: JSON.stringify(input), ours, reference });
      }
      expect(differences).toEqual([]);
    },
    60_000,
  );
});
