/**
 * Transforms: `| where | update, delete |`: a function that answers a changed copy of an object.
 *
 * Errors  T2011 update that is no object, T2012 delete that names no members, T2013 $clone bound to
 *         no function
 */
import type { TransformNode } from '../ast.ts';
import { ExpressionEvaluationError } from '../errors.ts';
import type { Evaluate, Frame } from '../frame.ts';
import { isFunctionValue, nativeFunction } from '../function-value.ts';
import { keysOf, memberOf, setMember } from '../record.ts';
import type { Scope } from '../scope.ts';
import { asArray } from '../sequence.ts';
import { Signature } from '../signature.ts';
import { isObject } from '../truth.ts';
import { type Code, type CompileContext, plain } from './context.ts';
import { resolve } from './variables.ts';

const SIGNATURE = new Signature('<(oa):o>');
const MEMBER_BYTES = 16;

export function compileTransform(node: TransformNode, scope: Scope, context: CompileContext): Code {
  const pattern = context.compile(node.pattern, scope);
  const change = compileChange(node, scope, context);
  const clone = resolve('clone', scope, context);
  return plain((input, frame) => {
    const transform = (object: unknown) => {
      if (object === undefined) return undefined;
      const copier = clone(input, frame);
      if (!isFunctionValue(copier)) throw new ExpressionEvaluationError('T2013', node.position);
      const copy = copier([object], null);
      const found = pattern(copy, frame);
      if (found !== undefined) for (const match of asArray(found)) change(match, frame);
      return copy;
    };
    return nativeFunction(
      1,
      (args, callInput) => transform(SIGNATURE.validate(args, callInput)[0]),
      ([object]) => transform(object),
    );
  });
}

/** What happens to each object that the pattern found. */
function compileChange(node: TransformNode, scope: Scope, context: CompileContext) {
  const update = context.compile(node.update, scope);
  const remove = node.delete && context.compile(node.delete, scope);
  return (match: unknown, frame: Frame): void => {
    frame.run.meter.step();
    applyUpdate(match, update(match, frame), frame, node.update.position);
    if (remove) applyDelete(match, remove, frame, node.delete?.position);
  };
}

function applyUpdate(
  match: unknown,
  update: unknown,
  frame: Frame,
  position: number | undefined,
): void {
  if (update === undefined) return;
  if (!isObject(update)) throw new ExpressionEvaluationError('T2011', position);
  const keys = keysOf(update);
  frame.run.meter.steps(keys.length);
  frame.run.meter.allocate(keys.length * MEMBER_BYTES);
  // Only what the copy holds can change; a number or a text has no members to set.
  if (!isObject(match)) return;
  for (const key of keys) setMember(match, key, memberOf(update, key));
}

function applyDelete(
  match: unknown,
  remove: Evaluate,
  frame: Frame,
  position: number | undefined,
): void {
  const names = remove(match, frame);
  if (names === undefined) return;
  for (const name of asArray(names)) {
    if (typeof name !== 'string') throw new ExpressionEvaluationError('T2012', position);
  }
  if (!isObject(match)) return;
  for (const name of asArray(names)) if (typeof name === 'string') delete match[name];
}
