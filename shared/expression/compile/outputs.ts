/**
 * The parts of an expression whose values leave it: the constructors at its end, and what stands in
 * them. They make plain values at once and pay for them as they do, so that the result need not be
 * gone through again. Every other value is made plain where it comes in, see result.ts.
 */
import type { ArrayNode, AstNode, ConditionNode } from '../ast.ts';
import type { Meter } from '../budget.ts';
import type { Evaluate } from '../frame.ts';
import { plainResult } from '../result.ts';
import type { Scope } from '../scope.ts';
import { calledByApply } from './calls.ts';
import type { CompileContext, Output } from './context.ts';
import { compileInlineOutput } from './inline-outputs.ts';
import { compileObjectOutput } from './objects.ts';
import { compilePathOutput } from './path-outputs.ts';
import { ARRAY_BYTES, isWrittenArray } from './values.ts';
import { compileBlockOutput } from './variables.ts';

export function compileOutput(node: AstNode, scope: Scope, context: CompileContext): Output {
  const hasMore = node.predicate || node.group || node.keepArray;
  const made = hasMore ? undefined : madePlain(node, scope, context);
  return made ?? { run: context.compile(node, scope), isPlain: false };
}

function madePlain(node: AstNode, scope: Scope, context: CompileContext): Output | undefined {
  switch (node.type) {
    case 'unary':
      if (node.value === '{') return compileObjectOutput(node, scope, context);
      return node.value === '[' ? arrayOutput(node, scope, context) : undefined;
    case 'path':
      return compilePathOutput(node, scope, context);
    case 'condition':
      return conditionOutput(node, scope, context);
    case 'block':
      return compileBlockOutput(node, scope, context);
    case 'function':
      return compileInlineOutput(node, scope, context);
    case 'apply': {
      const call = calledByApply(node);
      return call && compileInlineOutput(call, scope, context);
    }
    default:
      return undefined;
  }
}

/** The value of the whole expression, plain and paid for. */
export function compileResult(node: AstNode, scope: Scope, context: CompileContext): Evaluate {
  const { run, isPlain } = context.compileOutput(node, scope);
  return (input, frame) => {
    const value = run(input, frame);
    const isDone = isPlain && typeof value === 'object';
    return isDone ? value : plainResult(value, frame.run.meter);
  };
}

function arrayOutput(node: ArrayNode, scope: Scope, context: CompileContext): Output {
  const parts = node.expressions.map((expression) => context.compileOutput(expression, scope));
  const isNested = node.expressions.map(isWrittenArray);
  const run: Evaluate = (input, frame) => {
    const { meter } = frame.run;
    const made: unknown[] = [];
    meter.allocate(ARRAY_BYTES);
    for (let index = 0; index < parts.length; index += 1) {
      const part = parts[index];
      const value = part?.run(input, frame);
      if (value === undefined) continue;
      const items = Array.isArray(value) && isNested[index] !== true ? value : [value];
      addPlain(made, items, part?.isPlain === true, meter);
    }
    return made;
  };
  return { run, isPlain: true };
}

function addPlain(
  made: unknown[],
  items: readonly unknown[],
  arePlain: boolean,
  meter: Meter,
): void {
  meter.items(items.length);
  for (const item of items) {
    made.push(arePlain && typeof item === 'object' ? item : plainResult(item, meter));
  }
}

function conditionOutput(node: ConditionNode, scope: Scope, context: CompileContext): Output {
  const test = context.compileTest(node.condition, scope);
  const whenTrue = context.compileOutput(node.then, scope);
  const whenFalse = node.else && context.compileOutput(node.else, scope);
  return {
    run: (input, frame) =>
      test(input, frame) ? whenTrue.run(input, frame) : whenFalse?.run(input, frame),
    isPlain: whenTrue.isPlain && whenFalse?.isPlain !== false,
  };
}
