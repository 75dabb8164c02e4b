/** The steps of a path, each run over all items that the step before found. */
import type { AstNode, PathNode } from '../ast.ts';
import type { Meter } from '../budget.ts';
import type { Evaluate, Frame } from '../frame.ts';
import type { Scope } from '../scope.ts';
import { isTupleStream, pushFlat, Sequence, sequenceOf, WrittenArray } from '../sequence.ts';
import type { CompileContext } from './context.ts';
import { compileStages, type Filter } from './filters.ts';
import { compileSort } from './sorts.ts';

export interface Step {
  /** On one item, without its filters; undefined for a sort. */
  readonly one: Evaluate | undefined;
  /** On one item that is no array, with its filters; not gathered into a sequence. */
  readonly single: Evaluate;
  readonly all: (items: readonly unknown[], frame: Frame) => unknown;
}

export function isBare(step: AstNode): boolean {
  return !step.stages && !step.predicate && !step.group && !step.keepArray;
}

export function compileSteps(
  path: PathNode,
  scope: Scope,
  context: CompileContext,
): readonly Step[] {
  const last = path.steps.length - 1;
  return path.steps.map((step, index) => compileStep(step, index, index === last, scope, context));
}

export function compileStep(
  step: AstNode,
  index: number,
  isLast: boolean,
  scope: Scope,
  context: CompileContext,
): Step {
  const stages = compileStages(step.stages, scope, context);
  if (step.type === 'sort') {
    const sort = compileSort(step, scope, context);
    const all: Step['all'] = (items, frame) => applyStages(sort(items, frame), stages, frame);
    return { one: undefined, single: (item, frame) => all(sequenceOf(item), frame), all };
  }
  const one = context.compile(step, scope);
  // A constructed array at the start is made once, not for every item of the context.
  if (index === 0 && step.consarray) return { one, single: one, all: one };
  const single: Evaluate =
    stages.length === 0 ? one : (item, frame) => applyStages(one(item, frame), stages, frame);
  return { one, single, all: (items, frame) => runStep(items, frame, single, isLast) };
}

function runStep(
  items: readonly unknown[],
  frame: Frame,
  single: Evaluate,
  isLast: boolean,
): unknown {
  const { meter } = frame.run;
  meter.items(items.length);
  if (items.length === 1) return gatherOne(single(items[0], frame), isLast, meter);
  const found = new Sequence();
  // The array that is all a last step finds is passed on as it is, so it is not copied at once.
  let only: readonly unknown[] | undefined;
  let count = 0;
  for (let index = 0; index < items.length; index += 1) {
    const value = single(items[index], frame);
    if (value === undefined) continue;
    count += 1;
    if (isLast && count === 1 && Array.isArray(value) && !(value instanceof Sequence)) {
      only = value;
      continue;
    }
    if (only && count === 2) pushFlat(found, only, meter);
    pushFlat(found, value, meter);
  }
  return only && count === 1 ? only : found;
}

/** What a single item gave; an array that need not be copied is passed on as it is. */
function gatherOne(value: unknown, isLast: boolean, meter: Meter): unknown {
  if (Array.isArray(value)) {
    if (isLast && !(value instanceof Sequence)) return value;
    const isMarked = value instanceof WrittenArray || isTupleStream(value);
    if (!isLast && !isMarked && value.length > 0) return value;
  }
  const found = new Sequence();
  if (value !== undefined) pushFlat(found, value, meter);
  return found;
}

export function applyStages(found: unknown, stages: readonly Filter[], frame: Frame): unknown {
  let result = found;
  for (const stage of stages) result = stage(result, frame);
  return result;
}

/** Marks what `path[]` found, so that one item stays an array. */
export function keepSingleton(found: unknown): unknown {
  const kept = found instanceof WrittenArray ? sequenceOf(found) : found;
  if (kept instanceof Sequence) kept.keepSingleton = true;
  return kept;
}
