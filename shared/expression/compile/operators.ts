/** Operators between two values, and the minus before one. */
import type { AstNode, BinaryNode, UnaryNode } from '../ast.ts';
import { ExpressionEvaluationError } from '../errors.ts';
import type { Evaluate, Frame } from '../frame.ts';
import type { Scope } from '../scope.ts';
import { asArray, Sequence } from '../sequence.ts';
import { textOf } from '../text.ts';
import { deepEqual, isNumeric } from '../truth.ts';
import { type Code, type CompileContext, plain, sequenced } from './context.ts';

type Arithmetic = (left: number, right: number) => number;

const ARITHMETIC: Readonly<Record<string, Arithmetic>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
};

const COMPARISON: Readonly<Record<string, (order: -1 | 0 | 1) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** More than this many items the reference refuses with a code of its own. */
const LONGEST_RANGE = 1e7;

export function compileBinary(node: BinaryNode, scope: Scope, context: CompileContext): Code {
  const operator = node.value;
  if (operator === 'and' || operator === 'or') return plain(context.compileTest(node, scope));
  const left = context.compile(node.lhs, scope);
  const right = context.compile(node.rhs, scope);
  const calculate = ARITHMETIC[operator];
  if (calculate) return plain(arithmetic(calculate, left, right, node.position));
  const compare = COMPARISON[operator];
  if (compare) return plain(comparison(compare, left, right, node.position));
  switch (operator) {
    case '=':
    case '!=':
      return plain(compileEquality(node, left, right));
    case '&':
      return plain(concatenation(left, right));
    case 'in':
      return plain(inclusion(left, right));
    default:
      return sequenced(range(left, right, node.position));
  }
}

function arithmetic(
  calculate: Arithmetic,
  left: Evaluate,
  right: Evaluate,
  position: number | undefined,
): Evaluate {
  return (input, frame) => {
    const a = left(input, frame);
    const b = right(input, frame);
    if (a !== undefined && !isNumeric(a)) throw new ExpressionEvaluationError('T2001', position);
    if (b !== undefined && !isNumeric(b)) throw new ExpressionEvaluationError('T2002', position);
    return a === undefined || b === undefined ? undefined : calculate(a, b);
  };
}

function comparison(
  test: (order: -1 | 0 | 1) => boolean,
  left: Evaluate,
  right: Evaluate,
  position: number | undefined,
): Evaluate {
  return (input, frame) => {
    const a = left(input, frame);
    const b = right(input, frame);
    if (!isComparable(a) || !isComparable(b)) {
      throw new ExpressionEvaluationError('T2010', position);
    }
    if (a === undefined || b === undefined) return undefined;
    if (typeof a !== typeof b) throw new ExpressionEvaluationError('T2009', position);
    // Not a number is neither less nor more nor equal.
    if (a < b) return test(-1);
    if (a > b) return test(1);
    return a === b && test(0);
  };
}

function isComparable(value: unknown): value is string | number | undefined {
  return value === undefined || typeof value === 'string' || typeof value === 'number';
}

/** Whether the answer is always true, false or nothing. */
export function isTruthOperator(operator: string): boolean {
  return operator in COMPARISON || ['and', 'or', 'in', '=', '!='].includes(operator);
}

function compileEquality(node: BinaryNode, left: Evaluate, right: Evaluate): Evaluate {
  const isEqual = node.value === '=';
  const constant = constantOf(node.rhs);
  if (constant === undefined) return equality(isEqual, left, right);
  // No container equals a text, a number, a truth value or null.
  return (input, frame) => {
    const value = left(input, frame);
    return value !== undefined && (value === constant) === isEqual;
  };
}

function constantOf(node: AstNode): string | number | boolean | null | undefined {
  const isConstant = node.type === 'string' || node.type === 'number' || node.type === 'value';
  return isConstant && !node.predicate && !node.group ? node.value : undefined;
}

function equality(isEqual: boolean, left: Evaluate, right: Evaluate): Evaluate {
  return (input, frame) => {
    const a = left(input, frame);
    const b = right(input, frame);
    if (a === undefined || b === undefined) return false;
    return (a === b || deepEqual(a, b, frame.run.meter)) === isEqual;
  };
}

function concatenation(left: Evaluate, right: Evaluate): Evaluate {
  return (input, frame) => {
    const { meter } = frame.run;
    const a = left(input, frame);
    const b = right(input, frame);
    const first = typeof a === 'string' ? a : a === undefined ? '' : textOf(a, meter);
    const second = typeof b === 'string' ? b : b === undefined ? '' : textOf(b, meter);
    meter.allocate(first.length + second.length);
    return first + second;
  };
}

function inclusion(left: Evaluate, right: Evaluate): Evaluate {
  return (input, frame) => {
    const a = left(input, frame);
    const b = right(input, frame);
    if (a === undefined || b === undefined) return false;
    const items = asArray(b);
    frame.run.meter.steps(items.length);
    for (const item of items) if (item === a) return true;
    return false;
  };
}

function range(left: Evaluate, right: Evaluate, position: number | undefined): Evaluate {
  return (input, frame) => {
    const from = left(input, frame);
    const to = right(input, frame);
    if (from !== undefined && !isInteger(from)) {
      throw new ExpressionEvaluationError('T2003', position);
    }
    if (to !== undefined && !isInteger(to)) throw new ExpressionEvaluationError('T2004', position);
    if (from === undefined || to === undefined || from > to) return undefined;
    if (to - from + 1 > LONGEST_RANGE) throw new ExpressionEvaluationError('D2014', position);
    frame.run.meter.items(to - from + 1);
    const items = new Sequence();
    for (let item = from; item <= to; item += 1) items.push(item);
    return items;
  };
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

export function compileNegation(
  node: Extract<UnaryNode, { value: '-' }>,
  scope: Scope,
  context: CompileContext,
): Code {
  const operand = context.compile(node.expression, scope);
  return plain((input: unknown, frame: Frame) => {
    const value = operand(input, frame);
    if (value === undefined) return undefined;
    if (!isNumeric(value)) throw new ExpressionEvaluationError('D1002', node.position);
    return -value;
  });
}
