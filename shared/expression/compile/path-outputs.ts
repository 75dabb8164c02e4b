/** Paths that end in an object constructor, where what they make leaves the expression. */
import type { AstNode, PathNode } from '../ast.ts';
import type { Evaluate, Frame } from '../frame.ts';
import type { Scope } from '../scope.ts';
import { asArray, WrittenArray } from '../sequence.ts';
import type { CompileContext, Output } from './context.ts';
import { compileStep, isBare, type Step } from './path-steps.ts';

/** `a.b.{…}`: the objects need no sequence to be gathered in. */
export function compilePathOutput(
  node: PathNode,
  scope: Scope,
  context: CompileContext,
): Output | undefined {
  const last = node.steps.at(-1);
  const isOther = node.keepSingletonArray || node.steps.length < 2 || node.steps.some(isSpecial);
  if (isOther || last?.type !== 'unary' || last.value !== '{' || !isBare(last)) return undefined;
  const { run: make, isPlain } = context.compileOutput(last, scope);
  if (!isPlain) return undefined;
  const leading = node.steps
    .slice(0, -1)
    .map((step, index) => compileStep(step, index, false, scope, context));
  return { run: outputPath(leading, node.steps[0]?.type === 'variable', make), isPlain };
}

function isSpecial(step: AstNode): boolean {
  return step.tuple === true || step.consarray === true || step.type === 'sort';
}

function outputPath(leading: readonly Step[], startsAtVariable: boolean, make: Evaluate): Evaluate {
  return (input, frame) => {
    if (Array.isArray(input) && !startsAtVariable) return makeEach(input, leading, make, frame);
    let current: unknown = input;
    let next = 0;
    for (const step of leading) {
      current = step.single(current, frame);
      next += 1;
      if (current === undefined) return undefined;
      if (!Array.isArray(current)) continue;
      const items = current instanceof WrittenArray ? [current] : current;
      return makeEach(items, leading.slice(next), make, frame);
    }
    return make(current, frame);
  };
}

/** The steps that are left, and an object of every item that they find. */
function makeEach(
  from: readonly unknown[],
  steps: readonly Step[],
  make: Evaluate,
  frame: Frame,
): unknown {
  let items = from;
  for (const step of steps) {
    if (items.length === 0) return undefined;
    items = asArray(step.all(items, frame));
  }
  frame.run.meter.items(items.length);
  if (items.length === 0) return undefined;
  if (items.length === 1) return make(items[0], frame);
  const made: unknown[] = [];
  for (let index = 0; index < items.length; index += 1) made.push(make(items[index], frame));
  return made;
}
