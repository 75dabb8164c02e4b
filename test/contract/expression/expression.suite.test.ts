/** The reference's own suite, all 1,686 cases: see test/assets/jsonata-suite. */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { ExpressionBudgetError } from '#shared/expression/errors.ts';
import { compileExpression } from '#shared/expression/expression.ts';

interface SuiteCase {
  readonly case: string;
  readonly expr: string;
  readonly data?: unknown;
  readonly dataset?: string;
  readonly bindings?: Record<string, unknown>;
  readonly result?: unknown;
  readonly undefinedResult?: boolean;
  readonly unordered?: boolean;
  readonly code?: string;
  readonly error?: { readonly code?: string };
}

const FOLDER = 'test/assets/jsonata-suite';
const CASES = 1686;
/** The code by which the suite's runner says that its own time box has ended an evaluation. */
const RUNNER_STOPPED = 'U1001';
const MOST_DEVIATIONS = 10;

const groups: Record<string, SuiteCase[]> = read('cases.json');
const datasets: Record<string, unknown> = read('datasets.json');
const deviations = listedDeviations();

function read(file: string) {
  return JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8'));
}

/** Rows of the table in docs/expressions.md: `| group/case | … |`. */
function listedDeviations(): ReadonlySet<string> {
  const text = readFileSync('docs/expressions.md', 'utf8');
  return new Set([...text.matchAll(/^\| `([\w-]+\/[\w[\]-]+)` \|/gm)].map(([, name]) => name!));
}

/** What differs, or undefined. */
function deviationOf(test: SuiteCase): string | undefined {
  const input = 'data' in test ? test.data : test.dataset && datasets[test.dataset];
  try {
    const result = compileExpression(test.expr).evaluate(structuredClone(input), test.bindings);
    return deviationOfResult(test, result);
  } catch (error) {
    return deviationOfError(test, error);
  }
}

function deviationOfError(test: SuiteCase, error: unknown): string | undefined {
  const expected = test.code ?? test.error?.code;
  if (expected === RUNNER_STOPPED && error instanceof ExpressionBudgetError) return undefined;
  const code = Object(error).expressionCode ?? Object(error).code;
  const isExpected = code === expected || (test.error !== undefined && expected === undefined);
  return isExpected ? undefined : `fails with ${code}`;
}

function deviationOfResult(test: SuiteCase, result: unknown): string | undefined {
  if (test.code !== undefined || test.error) return 'does not fail';
  if (test.undefinedResult) return result === undefined ? undefined : 'is not undefined';
  const [got, expected] = [asJson(result), test.result].map((value) =>
    test.unordered && Array.isArray(value) ? [...value].sort() : value,
  );
  return isDeepStrictEqual(got, expected) ? undefined : `gives ${JSON.stringify(got)}`;
}

function asJson(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

it('holds all cases of the suite', () => {
  expect(Object.values(groups).flat()).toHaveLength(CASES);
});

it('lists no more deviations than are allowed', () => {
  expect(deviations.size).toBeLessThanOrEqual(MOST_DEVIATIONS);
});

describe.each(Object.keys(groups))('group %s', (group) => {
  it('gives what the reference gives, except where docs/expressions.md says otherwise', () => {
    const found = groups[group]!.flatMap((test) => {
      const deviation = deviationOf(test);
      return deviation === undefined ? [] : [{ name: `${group}/${test.case}`, deviation }];
    });
    expect(found.filter(({ name }) => !deviations.has(name))).toEqual([]);
    // A deviation that is none any more has to leave the list.
    const listed = [...deviations].filter((name) => name.startsWith(`${group}/`));
    expect(found.map(({ name }) => name).sort()).toEqual(listed.sort());
  });
});
