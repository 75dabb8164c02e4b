/** Variables: reading them, binding them, and the blocks that limit how far they reach. */
import type { BindNode, BlockNode, VariableNode } from '../ast.ts';
import { type Evaluate, emptySlots, Frame, UNSET } from '../frame.ts';
import { builtinValue } from '../functions/registry.ts';
import { boundNames, Scope } from '../scope.ts';
import { Sequence } from '../sequence.ts';
import { type Code, type CompileContext, type Output, plain, sequenced } from './context.ts';
import { isEval, refuseEval } from './evals.ts';

/** One place where a variable may have been bound, counted in frames outwards. */
interface Place {
  readonly hops: number;
  /** Undefined for a tuple, which is asked by name. */
  readonly slot: number | undefined;
  /** Filled from the start, so that no place further out counts. */
  readonly isSet: boolean;
}

export function compileVariable(node: VariableNode, scope: Scope, context: CompileContext): Code {
  if (node.value === '') return sequenced(currentItem);
  if (node.value === '$') return sequenced((_input, frame) => frame.run.root);
  if (isEval(node.value, scope, context)) return refuseEval(node.position);
  return sequenced(resolve(node.value, scope, context));
}

function currentItem(input: unknown): unknown {
  return input instanceof Sequence && input.outerWrapper ? input[0] : input;
}

/** Reads `$name` as it is visible from `scope`. */
export function resolve(name: string, scope: Scope, context: CompileContext): Evaluate {
  const places = placesOf(name, scope, context.tupleNames.has(name));
  const outermost = outermostValue(name);
  const [nearest] = places;
  if (nearest?.slot !== undefined && nearest.isSet && nearest.hops < 2) {
    return setSlot(nearest.slot, nearest.hops);
  }
  if (places.length === 1 && nearest?.slot !== undefined && nearest.hops < 2) {
    return nearSlot(nearest.slot, nearest.hops, outermost);
  }
  return (input, frame) => {
    for (const { hops, slot } of places) {
      const at = outwards(frame, hops);
      if (slot !== undefined) {
        const value = at.slots[slot];
        if (value !== UNSET) return value;
      } else if (at.tuple && Object.hasOwn(at.tuple, name)) return at.tuple[name];
    }
    return outermost(input, frame);
  };
}

function setSlot(slot: number, hops: number): Evaluate {
  return hops === 0
    ? (_input, frame) => frame.slots[slot]
    : (_input, frame) => frame.parent?.slots[slot];
}

function nearSlot(slot: number, hops: number, otherwise: Evaluate): Evaluate {
  if (hops === 0) {
    return (input, frame) => {
      const value = frame.slots[slot];
      return value === UNSET ? otherwise(input, frame) : value;
    };
  }
  return (input, frame) => {
    const value = frame.parent?.slots[slot];
    return value === UNSET ? otherwise(input, frame) : value;
  };
}

function outwards(frame: Frame, hops: number): Frame {
  let at = frame;
  for (let count = hops; count > 0 && at.parent; count -= 1) at = at.parent;
  return at;
}

function placesOf(name: string, scope: Scope, isTupleName: boolean): readonly Place[] {
  const places: Place[] = [];
  let hops = 0;
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const slot = at.slotOf(name);
    if (slot !== undefined) places.push({ hops, slot, isSet: at.isParameter(name) });
    if (at.isTuple && isTupleName) places.push({ hops, slot: undefined, isSet: false });
    hops += 1;
  }
  return places;
}

function outermostValue(name: string): Evaluate {
  const builtin = builtinValue(name);
  return (_input, frame) => {
    const { bindings } = frame.run;
    if (Object.hasOwn(bindings, name)) return bindings[name];
    return builtin?.(frame.run);
  };
}

/** What the parent operator `%` found on the way to this item. */
export function compileParent(label: string, scope: Scope): Code {
  const places = placesOf(label, scope, true);
  return sequenced((_input, frame) => {
    for (const { hops } of places) {
      const { tuple } = outwards(frame, hops);
      if (tuple && Object.hasOwn(tuple, label)) return tuple[label];
    }
    return undefined;
  });
}

export function compileBind(node: BindNode, scope: Scope, context: CompileContext): Code {
  const value = context.compile(node.rhs, scope);
  const slot = scope.slotOf(node.lhs.value) ?? 0;
  return plain((input, frame) => {
    const bound = value(input, frame);
    frame.slots[slot] = bound;
    return bound;
  });
}

export function compileBlock(node: BlockNode, scope: Scope, context: CompileContext): Code {
  const { inner, names } = scopeOfBlock(node, scope);
  const parts = node.expressions.map((expression) => context.compile(expression, inner));
  return sequenced(runBlock(parts, names.size));
}

export function compileBlockOutput(
  node: BlockNode,
  scope: Scope,
  context: CompileContext,
): Output | undefined {
  const last = node.expressions.at(-1);
  if (!last) return undefined;
  const { inner, names } = scopeOfBlock(node, scope);
  const before = node.expressions.slice(0, -1);
  const output = context.compileOutput(last, inner);
  const parts = [...before.map((expression) => context.compile(expression, inner)), output.run];
  return { run: runBlock(parts, names.size), isPlain: output.isPlain };
}

function scopeOfBlock(node: BlockNode, scope: Scope) {
  const names = boundNames(node.expressions);
  return { inner: names.size > 0 ? new Scope(scope, names) : scope, names };
}

function runBlock(parts: readonly Evaluate[], size: number): Evaluate {
  const runAll: Evaluate = (input, frame) => {
    let result: unknown;
    for (const part of parts) result = part(input, frame);
    return result;
  };
  const [only] = parts;
  const run = parts.length === 1 && only ? only : runAll;
  // Without variables of its own a block needs no frame.
  if (size === 0) return run;
  return (input, frame) => run(input, new Frame(frame.run, frame, emptySlots(size)));
}
