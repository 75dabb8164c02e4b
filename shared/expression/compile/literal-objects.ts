/** Objects whose keys are all written out: `{"id": …, "name": …}` on one item. */
import type { AstNode, Pair } from '../ast.ts';
import type { Evaluate } from '../frame.ts';
import type { DataObject } from '../record.ts';
import { plainResult } from '../result.ts';
import type { Output } from './context.ts';

/** The keys by which the reference tells its own functions; it refuses them, and so do we. */
export const RESERVED: ReadonlySet<string> = new Set(['_jsonata_lambda', '_jsonata_function']);
export const OBJECT_BYTES = 64;
export const MEMBER_BYTES = 16;

/** The keys, if all are written out and no two are the same. */
export function literalKeys(pairs: readonly Pair[]): readonly string[] | undefined {
  const keys = pairs.flatMap(([key]) => literalKey(key));
  const isLiteral = keys.length === pairs.length && new Set(keys).size === keys.length;
  return isLiteral ? keys : undefined;
}

function literalKey(key: AstNode): readonly string[] {
  const isKey =
    key.type === 'string' && !key.predicate && !key.group && typeof key.value === 'string';
  if (!isKey || typeof key.value !== 'string') return [];
  return key.value === '__proto__' || RESERVED.has(key.value) ? [] : [key.value];
}

/**
 * Makes objects with the same keys. While every member has a value they are copies of one template
 * that are filled, which is quicker than to add one member after the other.
 */
class Layout {
  readonly keys: readonly string[];
  readonly bytes: number;
  readonly #template: DataObject = {};
  #isDense = true;

  constructor(keys: readonly string[]) {
    this.keys = keys;
    this.bytes = OBJECT_BYTES + MEMBER_BYTES * keys.length;
    for (const key of keys) this.#template[key] = undefined;
  }

  start(): DataObject {
    // Not spread, which looks for the template's shape much longer where there are many templates.
    return this.#isDense ? Object.assign({}, this.#template) : {};
  }

  /** What was started, without members that have no value. */
  finish(made: DataObject, isComplete: boolean): DataObject {
    if (isComplete || !this.#isDense) return made;
    this.#isDense = false;
    const rest: DataObject = {};
    for (const key of this.keys) if (made[key] !== undefined) rest[key] = made[key];
    return rest;
  }
}

export function literalObject(keys: readonly string[], values: readonly Evaluate[]): Evaluate {
  const layout = new Layout(keys);
  const { bytes } = layout;
  return (input, frame) => {
    frame.run.meter.allocate(bytes);
    const made = layout.start();
    let isComplete = true;
    for (let index = 0; index < keys.length; index += 1) {
      const value = values[index]?.(input, frame);
      if (value === undefined) isComplete = false;
      else made[keys[index] ?? ''] = value;
    }
    return layout.finish(made, isComplete);
  };
}

/** The same, where it leaves the expression: plain, and paid for with all that is in it. */
export function plainObjectMaker(keys: readonly string[], values: readonly Output[]): Evaluate {
  const layout = new Layout(keys);
  const runs = values.map(({ run }) => run);
  const arePlain = values.map(({ isPlain }) => isPlain);
  const ownBytes = keys.reduce((bytes, key) => bytes + key.length, layout.bytes);
  return (input, frame) => {
    const { meter } = frame.run;
    const made = layout.start();
    let isComplete = true;
    let bytes = ownBytes;
    for (let index = 0; index < keys.length; index += 1) {
      const value = runs[index]?.(input, frame);
      if (value === undefined) {
        isComplete = false;
        continue;
      }
      const key = keys[index] ?? '';
      if (typeof value === 'string') bytes += value.length;
      const isDone = typeof value === 'object' ? arePlain[index] : typeof value !== 'function';
      made[key] = isDone ? value : plainResult(value, meter);
    }
    meter.allocate(bytes);
    return layout.finish(made, isComplete);
  };
}
