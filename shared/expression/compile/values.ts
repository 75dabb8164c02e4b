/** Constructors, literals and wildcards: the nodes that make or gather values. */
import type { ArrayNode, AstNode, ConditionNode } from '../ast.ts';
import type { Meter } from '../budget.ts';
import { keysOf, memberOf } from '../record.ts';
import type { Scope } from '../scope.ts';
import { asArray, Sequence, WrittenArray } from '../sequence.ts';
import { type Code, type CompileContext, plain, sequenced } from './context.ts';

export const ARRAY_BYTES = 48;

export function compileArray(node: ArrayNode, scope: Scope, context: CompileContext): Code {
  const parts = node.expressions.map((expression) => context.compile(expression, scope));
  const isNested = node.expressions.map(isWrittenArray);
  const isWritten = node.consarray === true;
  return plain((input, frame) => {
    const { meter } = frame.run;
    const made: unknown[] = isWritten ? new WrittenArray() : [];
    meter.allocate(ARRAY_BYTES);
    for (let index = 0; index < parts.length; index += 1) {
      const value = parts[index]?.(input, frame);
      if (value !== undefined) add(made, value, isNested[index] === true, meter);
    }
    return made;
  });
}

/** An array written within an array stays one; any other array dissolves into the outer one. */
export function isWrittenArray(node: AstNode): boolean {
  return node.type === 'unary' && node.value === '[';
}

function add(made: unknown[], value: unknown, isNested: boolean, meter: Meter): void {
  if (Array.isArray(value) && !isNested) {
    meter.items(made.length + value.length);
    for (const item of value) made.push(item);
  } else {
    meter.item(made.length);
    made.push(value);
  }
}

export function compileCondition(node: ConditionNode, scope: Scope, context: CompileContext): Code {
  const test = context.compileTest(node.condition, scope);
  // Raw, so that a branch that is a tail call leaves the stack first; normalised by the caller.
  const whenTrue = context.compile(node.then, scope);
  const whenFalse = node.else && context.compile(node.else, scope);
  return sequenced((input, frame) =>
    test(input, frame) ? whenTrue(input, frame) : whenFalse?.(input, frame),
  );
}

/** `*`: every member of an object, arrays flattened to the last level. */
export function compileWildcard(): Code {
  return sequenced((input, frame) => {
    const { meter } = frame.run;
    const found = new Sequence();
    const isWrapped = input instanceof Sequence && input.outerWrapper && input.length > 0;
    const from = isWrapped ? input[0] : input;
    let hasArray = false;
    for (const key of keysOf(from)) {
      const member = memberOf(from, key);
      hasArray ||= Array.isArray(member);
      pushAll(member, found, meter);
    }
    // Once the reference has appended an array, what it found is no sequence any more.
    return hasArray ? Array.from(found) : found;
  });
}

function pushAll(value: unknown, found: Sequence, meter: Meter): void {
  meter.step();
  if (Array.isArray(value)) {
    meter.enter();
    for (const item of value) pushAll(item, found, meter);
    meter.leave();
  } else {
    meter.item(found.length);
    found.push(value);
  }
}

/** `**`: a value and everything within it. */
export function compileDescendants(): Code {
  return sequenced((input, frame) => {
    if (input === undefined) return undefined;
    const found = new Sequence();
    descend(input, found, frame.run.meter);
    return found.length === 1 ? found[0] : found;
  });
}

function descend(value: unknown, found: Sequence, meter: Meter): void {
  meter.step();
  meter.enter();
  if (!Array.isArray(value)) {
    meter.item(found.length);
    found.push(value);
  }
  const members = Array.isArray(value)
    ? asArray(value)
    : keysOf(value).map((key) => memberOf(value, key));
  for (const member of members) descend(member, found, meter);
  meter.leave();
}
