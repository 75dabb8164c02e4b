/**
 * Paths: `a.b.c`. A step runs on every item that the step before found; what all of them find is
 * one sequence. Where the input turns out to hold no arrays, no sequence is made.
 */
import type { PathNode } from '../ast.ts';
import type { Evaluate, Frame } from '../frame.ts';
import { isInheritedName, lookup } from '../record.ts';
import type { Scope } from '../scope.ts';
import { normalize, pushFlat, Sequence, sequenceOf, WrittenArray } from '../sequence.ts';
import { type Code, type CompileContext, plain, sequenced } from './context.ts';
import { compileGroup } from './objects.ts';
import { compileSteps, isBare, keepSingleton, type Step } from './path-steps.ts';
import { compileTuplePath } from './tuple-paths.ts';

export function compilePath(node: PathNode, scope: Scope, context: CompileContext): Code {
  if (node.steps.some((step) => step.tuple)) {
    return sequenced(compileTuplePath(node, scope, context));
  }
  const steps = compileSteps(node, scope, context);
  const general = generalPath(node, steps, scope, context);
  const isSimple =
    !node.group && !node.keepSingletonArray && !node.keepArray && node.steps.every(isBare);
  if (!isSimple) return sequenced(general);
  const names = node.steps.flatMap((step) => (step.type === 'name' ? [step.value] : []));
  if (names.length === steps.length && !names.some(isInheritedName)) {
    return plain(namePath(names, general));
  }
  const singles = steps.flatMap(({ one }) => (one ? [one] : []));
  if (singles.length < steps.length || node.steps.some((step) => step.consarray)) {
    return sequenced(general);
  }
  return plain(singlePath(singles, steps, node.steps[0]?.type === 'variable', general));
}

/** `a.b.c` where no value on the way is an array. */
function namePath(names: readonly string[], general: Evaluate): Evaluate {
  const slow: Evaluate = (input, frame) => normalize(general(input, frame), false);
  const [first = '', second = ''] = names;
  if (names.length === 2) {
    return (input, frame) => {
      if (!isRecordLike(input)) return undefined;
      if (Array.isArray(input)) return slow(input, frame);
      const inner = input[first];
      if (!isRecordLike(inner)) return undefined;
      if (Array.isArray(inner)) return slow(input, frame);
      const value = inner[second];
      return value instanceof Sequence ? slow(input, frame) : value;
    };
  }
  if (names.length === 1) {
    return (input, frame) => {
      if (!isRecordLike(input)) return undefined;
      if (Array.isArray(input)) return slow(input, frame);
      const value = input[first];
      return value instanceof Sequence ? slow(input, frame) : value;
    };
  }
  return (input, frame) => {
    let current: unknown = input;
    for (const name of names) {
      if (!isRecordLike(current)) return undefined;
      if (Array.isArray(current)) return slow(input, frame);
      current = current[name];
    }
    return current instanceof Sequence ? slow(input, frame) : current;
  };
}

function isRecordLike(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Any steps, while each finds a single value; the general way takes over at the first array. */
function singlePath(
  singles: readonly Evaluate[],
  steps: readonly Step[],
  startsAtVariable: boolean,
  general: Evaluate,
): Evaluate {
  return (input, frame) => {
    if (Array.isArray(input) && !startsAtVariable) return normalize(general(input, frame), false);
    let current: unknown = input;
    let next = 0;
    for (const single of singles) {
      current = single(current, frame);
      next += 1;
      if (current === undefined) return undefined;
      if (Array.isArray(current)) return spread(current, next, steps, frame);
    }
    return current;
  };
}

/** Goes on from the array that one single item's step found. */
function spread(
  found: readonly unknown[],
  from: number,
  steps: readonly Step[],
  frame: Frame,
): unknown {
  if (from === steps.length && !(found instanceof Sequence)) return found;
  let items: unknown = found;
  if (from === steps.length || found.length === 0 || found instanceof WrittenArray) {
    const all = new Sequence();
    pushFlat(all, found, frame.run.meter);
    items = all;
  }
  for (let next = from; next < steps.length; next += 1) {
    if (!Array.isArray(items) || items.length === 0) break;
    items = steps[next]?.all(items, frame);
  }
  return normalize(items, false);
}

function generalPath(
  node: PathNode,
  steps: readonly Step[],
  scope: Scope,
  context: CompileContext,
): Evaluate {
  const group = node.group && compileGroup(node.group, scope, context);
  const startsAtVariable = node.steps[0]?.type === 'variable';
  return (input, frame) => {
    let items: readonly unknown[] =
      Array.isArray(input) && !startsAtVariable ? input : sequenceOf(input);
    let found: unknown;
    for (const step of steps) {
      found = step.all(items, frame);
      if (!Array.isArray(found) || found.length === 0) break;
      items = found;
    }
    if (node.keepSingletonArray) found = keepSingleton(found);
    return group ? group(found, frame) : found;
  };
}

/** A name as a step: the member of an object, or of every object of an array. */
export function compileName(name: string): Code {
  if (isInheritedName(name)) {
    return sequenced((input, frame) => lookup(input, name, frame.run.meter));
  }
  return sequenced((input, frame) => {
    if (!isRecordLike(input)) return undefined;
    return Array.isArray(input) ? lookup(input, name, frame.run.meter) : input[name];
  });
}
