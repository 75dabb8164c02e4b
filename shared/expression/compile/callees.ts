/** What is called, and with what. */
import type { AstNode, CallNode } from '../ast.ts';
import { ExpressionEvaluationError } from '../errors.ts';
import type { Evaluate, Frame } from '../frame.ts';
import type { Args } from '../function-value.ts';
import type { Scope } from '../scope.ts';
import type { CompileContext } from './context.ts';
import { resolve } from './variables.ts';

export type EvaluateArgs = (input: unknown, frame: Frame) => Args;

export function compileArguments(
  nodes: readonly AstNode[],
  scope: Scope,
  context: CompileContext,
): EvaluateArgs {
  return listOf(nodes.map((node) => context.compile(node, scope)));
}

/** The values of `parts`, in a list; calls of one or two arguments are by far the most. */
export function listOf(parts: readonly Evaluate[]): EvaluateArgs {
  const [first, second, ...rest] = parts;
  if (!first) return () => [];
  if (!second) return (input, frame) => [first(input, frame)];
  if (rest.length === 0) return (input, frame) => [first(input, frame), second(input, frame)];
  return (input, frame) => {
    const args = [first(input, frame), second(input, frame)];
    for (const part of rest) args.push(part(input, frame));
    return args;
  };
}

/**
 * The value that is called. Where a name without `$` stands for nothing but the function exists,
 * the error says so.
 */
export function compileCallee(
  node: CallNode,
  forgottenDollar: string,
  scope: Scope,
  context: CompileContext,
): Evaluate {
  const callee = context.compile(node.procedure, scope);
  const meant = functionMeant(node.procedure, scope, context);
  if (!meant) return callee;
  return (input, frame) => {
    const value = callee(input, frame);
    if (value === undefined && meant(input, frame)) {
      throw new ExpressionEvaluationError(forgottenDollar, node.position);
    }
    return value;
  };
}

function functionMeant(
  procedure: AstNode,
  scope: Scope,
  context: CompileContext,
): Evaluate | undefined {
  if (procedure.type !== 'path') return undefined;
  const [first] = procedure.steps;
  return first?.type === 'name' ? resolve(first.value, scope, context) : undefined;
}
