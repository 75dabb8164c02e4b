/** Calls: `f(x)`, `x ~> f`, `x ~> f(y)`. */
import type { ApplyNode, CallNode } from '../ast.ts';
import { ExpressionEvaluationError } from '../errors.ts';
import { type Args, isFunctionValue } from '../function-value.ts';
import { type Builtin, builtinNamed } from '../functions/registry.ts';
import type { Scope } from '../scope.ts';
import { compileArguments, compileCallee, type EvaluateArgs, listOf } from './callees.ts';
import { type Code, type CompileContext, sequenced } from './context.ts';
import { compileEval, isEval } from './evals.ts';
import { chain } from './functions.ts';
import { compileInlineCall } from './inline-calls.ts';
import { type ApplyBuiltin, compileQuickCall } from './quick-calls.ts';
import { compileRegexContained } from './regexes.ts';

export function compileCall(node: CallNode, scope: Scope, context: CompileContext): Code {
  const { procedure } = node;
  if (procedure.type === 'variable' && isEval(procedure.value, scope, context)) {
    return compileEval(node, scope, context);
  }
  const builtin = builtinCalled(node, scope, context);
  if (!builtin) {
    return dynamicCall(node, compileArguments(node.arguments, scope, context), scope, context);
  }
  const inline = compileInlineCall(node, scope, context);
  if (inline) return inline;
  const apply = applyBuiltin(builtin, node.position);
  if (builtin.name === 'contains') {
    const test = compileRegexContained(node, apply, scope, context);
    if (test) return test;
  }
  const args = node.arguments.map((argument) => context.compile(argument, scope));
  return compileQuickCall(builtin.name, args, apply) ?? builtinCall(apply, listOf(args));
}

function builtinCalled(node: CallNode, scope: Scope, context: CompileContext): Builtin | undefined {
  const { procedure } = node;
  if (procedure.type !== 'variable' || procedure.predicate || procedure.group) return undefined;
  if (!context.isBuiltin(procedure.value, scope)) return undefined;
  return builtinNamed(procedure.value);
}

function applyBuiltin({ signature, call }: Builtin, position: number | undefined): ApplyBuiltin {
  return (args, input, frame) => {
    try {
      frame.run.meter.step();
      return call(signature.validate(args, input), frame.run);
    } catch (error) {
      throw located(error, position);
    }
  };
}

function builtinCall(apply: ApplyBuiltin, args: EvaluateArgs): Code {
  return sequenced((input, frame) => apply(args(input, frame), input, frame));
}

function dynamicCall(
  node: CallNode,
  args: EvaluateArgs,
  scope: Scope,
  context: CompileContext,
): Code {
  const callee = compileCallee(node, 'T1005', scope, context);
  return sequenced((input, frame) => {
    const target = callee(input, frame);
    return callValue(target, args(input, frame), input, node.position);
  });
}

/** @throws ExpressionEvaluationError T1006 */
function callValue(
  target: unknown,
  args: Args,
  input: unknown,
  position: number | undefined,
): unknown {
  if (!isFunctionValue(target)) throw new ExpressionEvaluationError('T1006', position);
  try {
    return target(args, input);
  } catch (error) {
    throw located(error, position);
  }
}

/** The same error, saying where, unless it already does. */
function located(error: unknown, position: number | undefined): unknown {
  if (!(error instanceof ExpressionEvaluationError) || error.position !== undefined) return error;
  return new ExpressionEvaluationError(error.expressionCode, position);
}

export function compileApply(node: ApplyNode, scope: Scope, context: CompileContext): Code {
  const call = calledByApply(node);
  if (call) return applyCall(call, scope, context);
  const left = context.compile(node.lhs, scope);
  const right = context.compile(node.rhs, scope);
  return sequenced((input, frame) => {
    const value = left(input, frame);
    const target = right(input, frame);
    if (!isFunctionValue(target)) throw new ExpressionEvaluationError('T2006', node.position);
    return isFunctionValue(value)
      ? chain(value, target)
      : callValue(target, [value], null, node.position);
  });
}

/**
 * `x ~> f(y)` is `f(x, y)`. As in the reference, the call's own predicates never see what a call by
 * `~>` answers.
 */
export function calledByApply({ lhs, rhs }: ApplyNode): CallNode | undefined {
  return rhs.type === 'function' ? { ...rhs, arguments: [lhs, ...rhs.arguments] } : undefined;
}

function applyCall(call: CallNode, scope: Scope, context: CompileContext): Code {
  if (builtinCalled(call, scope, context)) return compileCall(call, scope, context);
  return dynamicCall(call, compileArguments(call.arguments, scope, context), scope, context);
}
