/** Functions written in an expression: lambdas, partial applications, tail calls. */
import type { CallNode, LambdaNode } from '../ast.ts';
import { ExpressionEvaluationError } from '../errors.ts';
import { type Evaluate, emptySlots, Frame, type Run } from '../frame.ts';
import {
  type Args,
  bouncingFunction,
  type FunctionValue,
  isFunctionValue,
  nativeFunction,
  TailCall,
} from '../function-value.ts';
import { builtinNamed } from '../functions/registry.ts';
import { boundNames, Scope } from '../scope.ts';
import { Sequence } from '../sequence.ts';
import { Signature } from '../signature.ts';
import { compileArguments, compileCallee } from './callees.ts';
import { type Code, type CompileContext, plain } from './context.ts';
import { isEval } from './evals.ts';

/** Bytes of a closure and of the frame that it keeps alive. */
const CLOSURE_BYTES = 400;
const FRAME_BYTES = 96;

export function compileLambda(node: LambdaNode, scope: Scope, context: CompileContext): Code {
  const names = node.arguments.map((argument) => argument.value);
  const inner = new Scope(scope, boundNames([node.body]), false, names);
  const slots = names.map((name) => inner.slotOf(name) ?? 0);
  const body = context.compile(node.body, inner);
  const signature = node.signature && new Signature(node.signature.definition);
  return plain((input, frame) => {
    frame.run.meter.allocate(CLOSURE_BYTES);
    const unchecked = (args: Args) => {
      const filled = emptySlots(inner.size);
      for (let index = 0; index < slots.length; index += 1) filled[slots[index] ?? 0] = args[index];
      return within(frame.run, () => body(input, new Frame(frame.run, frame, filled)));
    };
    const bounce = (args: Args, callInput: unknown) =>
      unchecked(signature ? signature.validate(args, callInput) : args);
    return bouncingFunction(names.length, bounce, unchecked);
  });
}

/** One call: a step, one level deeper, and the memory of its frame. */
function within(run: Run, call: () => unknown): unknown {
  const { meter } = run;
  meter.step();
  meter.allocate(FRAME_BYTES);
  meter.enter();
  const result = call();
  meter.leave();
  return result;
}

/** The parser wraps a call in tail position into a lambda without parameters. */
export function compileTailCall(node: CallNode, scope: Scope, context: CompileContext): Code {
  const { procedure } = node;
  if (isDirectCall(node, scope, context)) {
    const call = context.compileRaw(node, scope);
    return plain((input, frame) => protect(call(input, frame)));
  }
  const callee = context.compile(procedure, scope);
  const args = compileArguments(node.arguments, scope, context);
  return plain((input, frame) => new TailCall(callee(input, frame), args(input, frame)));
}

const itself = nativeFunction(1, ([value]) => value);

/** Takes a sequence past the blocks and conditions around a tail call, which would normalise it. */
function protect(value: unknown): unknown {
  return value instanceof Sequence ? new TailCall(itself, [value]) : value;
}

/**
 * Whether the call needs no detour by {@link TailCall}: a built-in function ends by itself. One that
 * leaves an argument to the context does not, since the context of a tail call is its caller's.
 */
export function isDirectCall(node: CallNode, scope: Scope, context: CompileContext): boolean {
  const { procedure } = node;
  if (procedure.type !== 'variable' || procedure.predicate || procedure.group) return false;
  if (isEval(procedure.value, scope, context)) return true;
  if (!context.isBuiltin(procedure.value, scope)) return false;
  const signature = builtinNamed(procedure.value)?.signature;
  return signature !== undefined && node.arguments.length >= signature.contextFreeCount;
}

/** `f(?, 2)`: a function of the arguments that are left open. */
export function compilePartial(node: CallNode, scope: Scope, context: CompileContext): Code {
  const parts = node.arguments.map((argument): Evaluate | undefined =>
    argument.type === 'operator' ? undefined : context.compile(argument, scope),
  );
  const callee = compileCallee(node, 'T1007', scope, context);
  const open = parts.flatMap((part, index) => (part ? [] : [index]));
  return plain((input, frame) => {
    const given = parts.map((part) => part?.(input, frame));
    const target = callee(input, frame);
    if (!isFunctionValue(target)) throw new ExpressionEvaluationError('T1008', node.position);
    frame.run.meter.allocate(CLOSURE_BYTES);
    return partialOf(target, given, open);
  });
}

function partialOf(target: FunctionValue, given: Args, open: readonly number[]): FunctionValue {
  return bouncingFunction(open.length, (args, callInput) => {
    const all = [...given];
    open.forEach((place, index) => {
      all[place] = args[index];
    });
    return target.unchecked(all, callInput);
  });
}

/** `f ~> g`: first f, then g. */
export function chain(first: FunctionValue, second: FunctionValue): FunctionValue {
  return bouncingFunction(1, ([value]) => new TailCall(second, [first([value], null)]));
}
