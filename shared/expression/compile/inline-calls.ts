/**
 * `$map`, `$filter` and `$sift` with the function written in the call: its body runs in one frame,
 * without a function value and without lists of arguments.
 */
import type { AstNode, CallNode, LambdaNode } from '../ast.ts';
import { ExpressionEvaluationError } from '../errors.ts';
import { type Evaluate, emptySlots, Frame } from '../frame.ts';
import { settle } from '../function-value.ts';
import { type DataObject, setMember } from '../record.ts';
import { plainResult } from '../result.ts';
import { boundNames, Scope } from '../scope.ts';
import { Sequence } from '../sequence.ts';
import { isObject, truthOf } from '../truth.ts';
import {
  type Code,
  type CompileContext,
  type Output,
  plain,
  sequenced,
  type Test,
} from './context.ts';
import { isDirectCall } from './functions.ts';

const MEMBER_BYTES = 16;
const FRAME_BYTES = 96;
const hasOwn = Object.prototype.hasOwnProperty;

/** A function's body, ready to run on one item after the other. */
export interface Body {
  readonly parameters: number;
  readonly size: number;
  /** Whether something made in the body may outlive one run, and with it its frame. */
  readonly keepsFrame: boolean;
  readonly value: () => Evaluate;
  readonly test: () => Test;
  /** The value where it leaves the expression. */
  readonly output: () => Output;
}

/** A call whose function is written in it, taken apart. */
interface InlineCall {
  readonly name: 'map' | 'filter' | 'sift';
  readonly from: Evaluate;
  readonly body: Body;
}

export function compileInlineCall(
  node: CallNode,
  scope: Scope,
  context: CompileContext,
): Code | undefined {
  const call = inlineCall(node, scope, context);
  if (!call) return undefined;
  const { name, from, body } = call;
  if (name === 'sift') return plain(siftMembers(from, body, node.position, false));
  return name === 'map' ? inlineMap(from, body) : inlineFilter(from, body);
}

export function inlineCall(
  node: CallNode,
  scope: Scope,
  context: CompileContext,
): InlineCall | undefined {
  const { procedure } = node;
  const [subject, lambda, ...others] = node.arguments;
  if (procedure.type !== 'variable' || procedure.predicate || procedure.group) return undefined;
  const name = procedure.value;
  if (name !== 'map' && name !== 'filter' && name !== 'sift') return undefined;
  if (!context.isBuiltin(name, scope)) return undefined;
  if (!subject || lambda?.type !== 'lambda' || others.length > 0) return undefined;
  if (lambda.predicate || lambda.group) return undefined;
  const body = bodyOf(lambda, scope, context);
  return body && { name, from: context.compile(subject, scope), body };
}

function bodyOf(lambda: LambdaNode, scope: Scope, context: CompileContext): Body | undefined {
  const names = lambda.arguments.map((argument) => argument.value);
  if (lambda.signature || lambda.thunk || names.length === 0 || names.length > 3) return undefined;
  if (new Set(names).size < names.length) return undefined;
  const inner = new Scope(scope, boundNames([lambda.body]), false, names);
  const body = unwrapped(lambda.body, inner, context);
  const compileValue = (): Evaluate => {
    // A call in tail position is answered as it is, not normalised.
    const run =
      body === lambda.body ? context.compile(body, inner) : context.compileRaw(body, inner);
    return (input, frame) => settle(run(input, frame), null);
  };
  return {
    parameters: names.length,
    size: inner.size,
    keepsFrame: makesFunction(body),
    value: compileValue,
    output: () => {
      const isValue = body === lambda.body && !mayBounce(body);
      if (isValue) return context.compileOutput(body, inner);
      return { run: compileValue(), isPlain: false };
    },
    test: () => {
      if (body !== lambda.body) return context.compileTest(body, inner);
      if (!mayBounce(body)) return context.compileTest(body, inner);
      const run = context.compile(body, inner);
      return (input, frame) => truthOf(settle(run(input, frame), null));
    },
  };
}

/** The call itself where the body is one that needs no trampoline. */
function unwrapped(body: AstNode, scope: Scope, context: CompileContext): AstNode {
  const isThunk = body.type === 'lambda' && body.thunk === true;
  if (!isThunk || body.body.type !== 'function') return body;
  return isDirectCall(body.body, scope, context) ? body.body : body;
}

/** Whether a branch of the body may end in a tail call. */
function mayBounce(body: AstNode): boolean {
  return body.type === 'lambda' || body.type === 'condition' || body.type === 'block';
}

function makesFunction(part: unknown): boolean {
  if (Array.isArray(part)) return part.some(makesFunction);
  if (!isObject(part) || part instanceof RegExp) return false;
  const { type } = part;
  if (type === 'transform' || (type === 'lambda' && part['thunk'] !== true)) return true;
  return Object.values(part).some(makesFunction);
}

/** Runs `visit` for each item with the frame in which the body's parameters stand. */
export function eachFrame(
  items: readonly unknown[],
  outer: Frame,
  body: Body,
  visit: (item: unknown, frame: Frame, index: number) => void,
): void {
  const { meter } = outer.run;
  meter.items(items.length);
  meter.enter();
  const { keepsFrame, parameters, size } = body;
  let frame: Frame | undefined;
  for (let index = 0; index < items.length; index += 1) {
    if (!frame || keepsFrame || size > parameters) {
      meter.allocate(FRAME_BYTES);
      frame = new Frame(outer.run, outer, emptySlots(size));
    }
    fill(frame.slots, parameters, items[index], index, items);
    visit(items[index], frame, index);
  }
  meter.leave();
}

function inlineMap(from: Evaluate, body: Body): Code {
  const run = body.value();
  return sequenced((input, frame) => {
    const subject = from(input, frame);
    if (subject === undefined) return undefined;
    const items = Array.isArray(subject) ? subject : [subject];
    const out = new Sequence();
    eachFrame(items, frame, body, (_item, inner) => {
      const value = run(input, inner);
      if (value !== undefined) out.push(value);
    });
    return out;
  });
}

function inlineFilter(from: Evaluate, body: Body): Code {
  const test = body.test();
  return sequenced((input, frame) => {
    const subject = from(input, frame);
    if (subject === undefined) return undefined;
    const items = Array.isArray(subject) ? subject : [subject];
    const out = new Sequence();
    eachFrame(items, frame, body, (item, inner) => {
      if (test(input, inner)) out.push(item);
    });
    return out;
  });
}

/** @param leaves whether the object leaves the expression, so that it has to be plain */
export function siftMembers(
  from: Evaluate,
  body: Body,
  position: number | undefined,
  leaves: boolean,
): Evaluate {
  const test = body.test();
  return (input, frame) => {
    const object = from(input, frame);
    if (object === undefined) return undefined;
    if (!isObject(object)) throw new ExpressionEvaluationError('T0410', position);
    return siftObject(object, input, frame, body, test, leaves);
  };
}

function siftObject(
  object: Readonly<DataObject>,
  input: unknown,
  frame: Frame,
  { keepsFrame, parameters, size }: Body,
  test: Test,
  leaves: boolean,
): DataObject | undefined {
  const { meter } = frame.run;
  const needsFrameEach = keepsFrame || size > parameters;
  let kept: DataObject | undefined;
  let inner = new Frame(frame.run, frame, emptySlots(size));
  let count = 0;
  let bytes = 0;
  meter.enter();
  // Several times as quick as a list of the keys, since members are read in their own order.
  for (const key in object) {
    if (!hasOwn.call(object, key)) continue;
    if (needsFrameEach) inner = new Frame(frame.run, frame, emptySlots(size));
    count += 1;
    const value = object[key];
    fill(inner.slots, parameters, value, key, object);
    if (!test(input, inner)) continue;
    kept ??= {};
    bytes += MEMBER_BYTES + key.length + (typeof value === 'string' ? value.length : 0);
    const isDone = !leaves || typeof value === 'string';
    setMember(kept, key, isDone ? value : plainResult(value, meter));
  }
  meter.items(count);
  meter.allocate(bytes + (needsFrameEach ? count * FRAME_BYTES : 0));
  meter.leave();
  return kept;
}

function fill(slots: unknown[], parameters: number, value: unknown, key: unknown, whole: unknown) {
  slots[0] = value;
  if (parameters > 1) slots[1] = key;
  if (parameters > 2) slots[2] = whole;
}
