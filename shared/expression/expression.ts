/**
 * JSONata, compiled: the language of mappings, conditions and computed values.
 *
 * Same results and error codes as the reference implementation, but synchronous, within a
 * {@link Budget}, and safe to run on data and expressions of strangers. docs/expressions.md lists
 * the few deviations.
 *
 * Errors  {@link ExpressionSyntaxError} when compiling; {@link ExpressionEvaluationError} and
 *         {@link ExpressionBudgetError} when evaluating
 * Source  https://docs.jsonata.org
 */
import { type Allowance, type Budget, DEFAULT_BUDGET, Meter } from './budget.ts';
import { compileProgram, type Program } from './compile/compiler.ts';
import { ExpressionBudgetError } from './errors.ts';
import { emptySlots, Frame, Run } from './frame.ts';
import { builtinNamed } from './functions/registry.ts';
import { parseExpression } from './parse.ts';
import { sequenceOf } from './sequence.ts';

export type Bindings = Readonly<Record<string, unknown>>;

export interface Expression {
  readonly text: string;
  /**
   * @param bindings plain data by variable name, without the `$`
   * @param allowance what is left for this and other evaluations together; less of it afterwards
   * @throws ExpressionEvaluationError, ExpressionBudgetError
   */
  evaluate(input: unknown, bindings?: Bindings, allowance?: Allowance): unknown;
}

export interface ExpressionOptions {
  readonly budget?: Partial<Budget>;
  /** Epoch milliseconds; asked at most once per evaluation, for `$now` and `$millis`. */
  readonly now?: () => number;
  /** In [0, 1), for `$random` and `$shuffle`. */
  readonly random?: () => number;
}

const NO_BINDINGS: Bindings = {};
const compiled = new Map<string, Expression>();
const MOST_COMPILED = 2_000;
/** Of all texts together: what is made of one takes some 400 bytes for each of its characters. */
const MOST_CHARACTERS = 131_072;
let characters = 0;

/** @throws ExpressionSyntaxError */
export function compileExpression(text: string, options?: ExpressionOptions): Expression {
  if (options) return createExpression(text, options);
  const known = compiled.get(text);
  if (known) return known;
  const expression = createExpression(text, {});
  // Texts come from callers too, in overrides and in what they try: memory stays bounded.
  if (compiled.size >= MOST_COMPILED || characters + text.length > MOST_CHARACTERS) {
    compiled.clear();
    characters = 0;
  }
  compiled.set(text, expression);
  characters += text.length;
  return expression;
}

function createExpression(text: string, options: ExpressionOptions): Expression {
  const tree = parseExpression(text);
  const program = compileProgram(tree, new Set());
  const budget = { ...DEFAULT_BUDGET, ...options.budget };
  const now = options.now ?? Date.now;
  const random = options.random ?? Math.random;
  /** Bindings may give the name of a built-in function another meaning. */
  const programFor = (bindings: Bindings): Program => {
    const names = Object.keys(bindings);
    if (!names.some(isBuiltinName)) return program;
    return compileProgram(tree, new Set(names.filter(isBuiltinName)));
  };
  return {
    text,
    evaluate(input, bindings = NO_BINDINGS, allowance) {
      const meter = new Meter(budget, allowance);
      const run = new Run(meter, input, bindings, now, random);
      const fitting = bindings === NO_BINDINGS ? program : programFor(bindings);
      try {
        return runProgram(fitting, input, run);
      } finally {
        if (allowance) allowance.left -= meter.spentSteps;
      }
    },
  };
}

function isBuiltinName(name: string): boolean {
  return name === 'eval' || builtinNamed(name) !== undefined;
}

function runProgram({ run: evaluate, size }: Program, input: unknown, run: Run): unknown {
  let first = input;
  if (Array.isArray(input)) {
    const wrapped = sequenceOf(input);
    wrapped.outerWrapper = true;
    first = wrapped;
  }
  try {
    return evaluate(first, new Frame(run, undefined, emptySlots(size)));
  } catch (error) {
    // Calls may nest less deep than the budget says, where each of them nests much by itself.
    if (error instanceof RangeError) throw new ExpressionBudgetError('depth');
    throw error;
  }
}
