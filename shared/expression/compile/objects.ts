/**
 * Object constructors `{key: value}` and groups `items{key: value}`. Items with the same key share
 * one value expression, which sees them all.
 *
 * Errors  T1003 key that is no text, D1009 key given by two pairs, D1013 reserved key
 */
import type { Group, ObjectNode, Pair } from '../ast.ts';
import type { Meter } from '../budget.ts';
import { ExpressionEvaluationError } from '../errors.ts';
import type { Evaluate, Frame } from '../frame.ts';
import { type DataObject, keysOf, memberOf, setMember } from '../record.ts';
import { plainResult } from '../result.ts';
import type { Scope } from '../scope.ts';
import { Gathering, ITEM, isTupleStream, type Tuple } from '../sequence.ts';
import { type Code, type CompileContext, type Output, plain } from './context.ts';
import { compileInTuple, isTuple, memoize, type TupleCode } from './filters.ts';
import {
  literalKeys,
  literalObject,
  MEMBER_BYTES,
  OBJECT_BYTES,
  plainObjectMaker,
  RESERVED,
} from './literal-objects.ts';

interface PairCode {
  readonly key: Evaluate;
  readonly value: Evaluate;
  readonly tupleKey: () => TupleCode;
  readonly tupleValue: () => TupleCode;
}

interface Entry {
  readonly items: Gathering;
  readonly pair: PairCode;
}

export function compileObject(node: ObjectNode, scope: Scope, context: CompileContext): Code {
  const pairs = compilePairs(node.lhs, scope, context);
  const grouped = groupWith(pairs, node.position);
  const keys = literalKeys(node.lhs);
  if (!keys) return plain(grouped);
  const make = literalObject(
    keys,
    pairs.map((pair) => pair.value),
  );
  // Several items would have to be gathered for each key.
  return plain((input, frame) =>
    Array.isArray(input) ? grouped(input, frame) : make(input, frame),
  );
}

/** The same where it leaves the expression; undefined where its keys are computed. */
export function compileObjectOutput(
  node: ObjectNode,
  scope: Scope,
  context: CompileContext,
): Output | undefined {
  const keys = literalKeys(node.lhs);
  if (!keys) return undefined;
  const make = plainObjectMaker(
    keys,
    node.lhs.map(([, value]) => context.compileOutput(value, scope)),
  );
  // Rarely needed, and compiling all things twice would double with every level of nesting.
  const grouped = memoize(() => context.compile(node, scope));
  const run: Evaluate = (input, frame) =>
    Array.isArray(input)
      ? plainResult(grouped()(input, frame), frame.run.meter)
      : make(input, frame);
  return { run, isPlain: true };
}

export function compileGroup(group: Group, scope: Scope, context: CompileContext): Evaluate {
  return groupWith(compilePairs(group.lhs, scope, context), group.position);
}

function compilePairs(pairs: readonly Pair[], scope: Scope, context: CompileContext) {
  return pairs.map(
    ([key, value]): PairCode => ({
      key: context.compile(key, scope),
      value: context.compile(value, scope),
      tupleKey: memoize(() => compileInTuple(key, scope, context)),
      tupleValue: memoize(() => compileInTuple(value, scope, context)),
    }),
  );
}

function groupWith(pairs: readonly PairCode[], position: number | undefined): Evaluate {
  return (input, frame) => {
    const isReducing = isTupleStream(input);
    const entries = new Map<string, Entry>();
    for (const item of itemsToGroup(input, isReducing)) {
      frame.run.meter.step();
      for (const pair of pairs) {
        const key =
          isReducing && isTuple(item) ? pair.tupleKey()(item, frame) : pair.key(item, frame);
        enter(entries, key, item, pair, frame.run.meter, position);
      }
    }
    return objectOf(entries, isReducing, frame);
  };
}

function objectOf(
  entries: ReadonlyMap<string, Entry>,
  isReducing: boolean,
  frame: Frame,
): DataObject {
  frame.run.meter.allocate(OBJECT_BYTES + MEMBER_BYTES * entries.size);
  const made: DataObject = {};
  for (const [key, { items, pair }] of entries) {
    const value = isReducing
      ? onReduced(items.data, pair.tupleValue(), frame)
      : pair.value(items.data, frame);
    if (value !== undefined) setMember(made, key, value);
  }
  return made;
}

/** An empty array still makes one object. */
function itemsToGroup(input: unknown, isReducing: boolean): readonly unknown[] {
  if (!Array.isArray(input)) return [input];
  return input.length === 0 && !isReducing ? [undefined] : input;
}

function checkedKey(key: unknown, position: number | undefined): string {
  if (typeof key !== 'string') throw new ExpressionEvaluationError('T1003', position);
  if (RESERVED.has(key)) throw new ExpressionEvaluationError('D1013', position);
  return key;
}

function enter(
  entries: Map<string, Entry>,
  found: unknown,
  item: unknown,
  pair: PairCode,
  meter: Meter,
  position: number | undefined,
): void {
  if (found === undefined) return;
  const key = checkedKey(found, position);
  const entry = entries.get(key);
  if (!entry) {
    meter.allocate(OBJECT_BYTES + key.length);
    entries.set(key, { items: new Gathering(item), pair });
  } else if (entry.pair !== pair) throw new ExpressionEvaluationError('D1009', position);
  else entry.items.add(item, meter);
}

/** All tuples of one key as one: each binding holds what it held in any of them. */
function onReduced(data: unknown, value: TupleCode, frame: Frame): unknown {
  if (!Array.isArray(data)) {
    if (!isTuple(data)) return undefined;
    const result = value(data, frame);
    // As in the reference, a tuple that is alone in its group serves the first pair only.
    delete data[ITEM];
    return result;
  }
  const gathered = new Map<string, Gathering>();
  for (const tuple of data) {
    for (const name of keysOf(tuple)) {
      const member = memberOf(tuple, name);
      const found = gathered.get(name);
      if (found) found.add(member, frame.run.meter);
      else gathered.set(name, new Gathering(member));
    }
  }
  const reduced: Tuple = {};
  for (const [name, { data: members }] of gathered) setMember(reduced, name, members);
  return value(reduced, frame);
}
