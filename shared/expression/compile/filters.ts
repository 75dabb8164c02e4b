/** Predicates: `items[condition]`, `items[index]`. */
import type { AstNode, Stage } from '../ast.ts';
import { type Frame, tupleFrame } from '../frame.ts';
import { boundNames, Scope } from '../scope.ts';
import { ITEM, isTupleStream, Sequence, type Tuple } from '../sequence.ts';
import { isNumeric, isObject, truthOf } from '../truth.ts';
import type { CompileContext } from './context.ts';
import { isTruthOperator } from './operators.ts';

/** Takes what was found so far and keeps some of it. */
export type Filter = (found: unknown, frame: Frame) => unknown;

export function compileFilter(predicate: AstNode, scope: Scope, context: CompileContext): Filter {
  if (predicate.type === 'number' && typeof predicate.value === 'number') {
    return pick(Math.floor(predicate.value));
  }
  const onItem = isTruth(predicate)
    ? context.compileTest(predicate, scope)
    : context.compile(predicate, scope);
  // Rarely needed, and compiling all things twice would double with every level of nesting.
  const onTuple = memoize(() => compileInTuple(predicate, scope, context));
  return (found, frame) => {
    if (isTupleStream(found)) return keepTuples(found, frame, onTuple());
    const items = Array.isArray(found) ? found : [found];
    const { meter } = frame.run;
    const kept = new Sequence();
    meter.steps(items.length);
    for (let index = 0; index < items.length; index += 1) {
      const item: unknown = items[index];
      const verdict = onItem(item, frame);
      if (verdict === true) kept.push(item);
      else if (verdict !== false) keep(kept, item, verdict, index, items.length);
    }
    meter.allocate(kept.length * 8);
    return kept;
  };
}

/** Whether the predicate can only tell true from false: it names no places. */
function isTruth(node: AstNode): boolean {
  return node.type === 'binary' && !node.predicate && !node.group && isTruthOperator(node.value);
}

function pick(at: number): Filter {
  return (found) => {
    const items = Array.isArray(found) ? found : [found];
    const item: unknown = items[at < 0 ? items.length + at : at];
    if (Array.isArray(item)) return item;
    const picked = new Sequence();
    if (isTupleStream(found)) picked.tupleStream = true;
    if (item !== undefined) picked.push(item);
    return picked;
  };
}

/** A part of a path that sees the bindings of the item it runs on. */
export type TupleCode = (tuple: Tuple, frame: Frame) => unknown;

export function compileInTuple(node: AstNode, scope: Scope, context: CompileContext): TupleCode {
  const inner = new Scope(scope, boundNames([node]), true);
  const run = context.compile(node, inner);
  return (tuple, frame) => run(tuple[ITEM], tupleFrame(frame, tuple, inner.size));
}

export function memoize<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function keepTuples(found: Sequence, frame: Frame, test: TupleCode): Sequence {
  const kept = new Sequence();
  kept.tupleStream = true;
  frame.run.meter.items(found.length);
  for (let index = 0; index < found.length; index += 1) {
    const tuple = found[index];
    if (!isTuple(tuple)) continue;
    keep(kept, tuple, test(tuple, frame), index, found.length);
  }
  return kept;
}

export function isTuple(value: unknown): value is Tuple {
  return isObject(value);
}

/** A number, or numbers, name the places to keep; anything else counts as true or false. */
function keep(kept: unknown[], item: unknown, verdict: unknown, index: number, length: number) {
  if (isNumeric(verdict)) {
    if (isPlace(verdict, index, length)) kept.push(item);
  } else if (Array.isArray(verdict) && verdict.every(isNumeric)) {
    for (const place of verdict) if (isPlace(place, index, length)) kept.push(item);
  } else if (truthOf(verdict)) kept.push(item);
}

function isPlace(place: number, index: number, length: number): boolean {
  const at = Math.floor(place);
  return (at < 0 ? length + at : at) === index;
}

export function compileStages(
  stages: readonly Stage[] | undefined,
  scope: Scope,
  context: CompileContext,
): readonly Filter[] {
  return (stages ?? []).map((stage) =>
    stage.type === 'filter' ? compileFilter(stage.expr, scope, context) : numberItems(stage.value),
  );
}

function numberItems(name: string): Filter {
  return (found) => {
    if (Array.isArray(found)) {
      for (let index = 0; index < found.length; index += 1) {
        const tuple: unknown = found[index];
        if (isTuple(tuple)) tuple[name] = index;
      }
    }
    return found;
  };
}
