/**
 * Paths whose items carry variable bindings along: `a@$x.b#$i`, and those that something asks the
 * parent of: `a.b.%`. Every item is a tuple: the item as `@`, and each binding by its name.
 */
import type { AstNode, PathNode, SortNode } from '../ast.ts';
import type { Evaluate, Frame } from '../frame.ts';
import { setMember } from '../record.ts';
import type { Scope } from '../scope.ts';
import { asArray, ITEM, isTupleStream, Sequence, sequenceOf, type Tuple } from '../sequence.ts';
import type { CompileContext } from './context.ts';
import { compileInTuple, compileStages, isTuple, type TupleCode } from './filters.ts';
import { compileGroup } from './objects.ts';
import { applyStages, compileStep, keepSingleton, type Step } from './path-steps.ts';
import { compileSort } from './sorts.ts';

/** Tuples in, tuples out; at the first such step the items are no tuples yet. */
type TupleStep = (
  items: readonly unknown[],
  tuples: readonly unknown[] | undefined,
  frame: Frame,
) => readonly unknown[];

export function compileTuplePath(node: PathNode, scope: Scope, context: CompileContext): Evaluate {
  const firstTuple = node.steps.findIndex((step) => step.tuple);
  const last = node.steps.length - 1;
  const before: readonly Step[] = node.steps
    .slice(0, firstTuple)
    .map((step, index) => compileStep(step, index, index === last, scope, context));
  const after = node.steps.slice(firstTuple).map((step) => compileTupleStep(step, scope, context));
  const group = node.group && compileGroup(node.group, scope, context);
  const startsAtVariable = node.steps[0]?.type === 'variable';
  return (input, frame) => {
    let items: readonly unknown[] =
      Array.isArray(input) && !startsAtVariable ? input : sequenceOf(input);
    for (const step of before) {
      const found = step.all(items, frame);
      if (!Array.isArray(found) || found.length === 0) return finish(found, found, frame);
      items = found;
    }
    let tuples: readonly unknown[] | undefined;
    for (const step of after) tuples = step(items, tuples, frame);
    return finish(node.tuple ? tuples : itemsOf(tuples ?? [], frame), tuples, frame);
  };

  function finish(found: unknown, toGroup: unknown, frame: Frame): unknown {
    const kept = node.keepSingletonArray ? keepSingleton(found) : found;
    return group ? group(toGroup, frame) : kept;
  }
}

function itemsOf(tuples: readonly unknown[], frame: Frame): Sequence {
  const items = new Sequence();
  frame.run.meter.items(tuples.length);
  for (const tuple of tuples) if (isTuple(tuple)) items.push(tuple[ITEM]);
  return items;
}

function compileTupleStep(step: AstNode, scope: Scope, context: CompileContext): TupleStep {
  const stages = compileStages(step.stages, scope, context);
  const run =
    step.type === 'sort'
      ? tupleSort(step, scope, context)
      : tupleExpansion(step, compileInTuple(step, scope, context));
  return (items, tuples, frame) => asArray(applyStages(run(items, tuples, frame), stages, frame));
}

function tupleSort(step: SortNode, scope: Scope, context: CompileContext): TupleStep {
  const sort = compileSort(step, scope, context);
  return (items, tuples, frame) => {
    if (tuples) return asArray(sort(tuples, frame));
    const stream = new Sequence();
    stream.tupleStream = true;
    asArray(sort(items, frame)).forEach((item, index) => {
      const tuple: Tuple = { [ITEM]: item };
      if (step.index !== undefined) setMember(tuple, step.index, index);
      stream.push(tuple);
    });
    return stream;
  };
}

function tupleExpansion(step: AstNode, run: TupleCode): TupleStep {
  return (items, tuples, frame) => {
    const stream = new Sequence();
    stream.tupleStream = true;
    const { meter } = frame.run;
    for (const from of tuples ?? items.map((item) => ({ [ITEM]: item }))) {
      if (!isTuple(from)) continue;
      meter.step();
      const found = run(from, frame);
      if (found === undefined) continue;
      const isStream = isTupleStream(found);
      asArray(found).forEach((item, index) => {
        meter.item(stream.length);
        meter.allocate(TUPLE_BYTES);
        stream.push(isStream ? join(from, item) : expand(step, from, item, index));
      });
    }
    return stream;
  };
}

const TUPLE_BYTES = 96;

function join(from: Tuple, found: unknown): Tuple {
  return isTuple(found) ? { ...from, ...found } : from;
}

function expand(step: AstNode, from: Tuple, item: unknown, index: number): Tuple {
  const tuple: Tuple = { ...from };
  if (step.focus === undefined) tuple[ITEM] = item;
  else setMember(tuple, step.focus, item);
  if (step.index !== undefined) setMember(tuple, step.index, index);
  if (step.ancestor) setMember(tuple, step.ancestor.label, from[ITEM]);
  return tuple;
}
