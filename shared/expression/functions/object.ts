/** Objects: their keys, their members, merging and splitting them. */
import type { Meter } from '../budget.ts';
import { isFunctionValue } from '../function-value.ts';
import { type DataObject, keysOf, lookup, memberOf, setMember } from '../record.ts';
import { Sequence } from '../sequence.ts';
import { truthOf, typeName } from '../truth.ts';
import { arrayAt, define, type Family, textAt } from './builtin.ts';

const OBJECT_BYTES = 80;
const MEMBER_BYTES = 16;

export const OBJECT: Family = {
  keys: define('<x-:a<s>>', 1, ([value], run) => {
    const found = new Set<string>();
    gatherKeys(value, found, run.meter);
    const keys = new Sequence();
    // An object's order: whole numbers first, as the reference gives them.
    const ordered = Array.isArray(value) ? Object.keys(objectOf(found)) : found;
    for (const key of ordered) keys.push(key);
    return keys;
  }),
  lookup: define('<x-s:x>', 2, (args, run) => {
    const key = textAt(args, 1);
    return lookup(args[0], String(key), run.meter);
  }),
  merge: define('<a<o>:o>', 1, (args, run) => {
    const objects = arrayAt(args, 0);
    if (!objects) return undefined;
    run.meter.items(objects.length);
    const merged: DataObject = {};
    for (const object of objects) {
      const keys = keysOf(object);
      run.meter.steps(keys.length);
      run.meter.allocate(keys.length * MEMBER_BYTES);
      for (const key of keys) setMember(merged, key, memberOf(object, key));
    }
    return merged;
  }),
  spread: define('<x-:a<o>>', 1, ([value], run) => spread(value, run.meter)),
  type: define('<x:s>', 1, ([value]) => typeName(value)),
  exists: define('<x:b>', 1, ([value]) => value !== undefined),
  boolean: define('<x-:b>', 1, ([value]) => (value === undefined ? undefined : truthOf(value))),
  not: define('<x-:b>', 1, ([value]) => (value === undefined ? undefined : !truthOf(value))),
};

function gatherKeys(value: unknown, found: Set<string>, meter: Meter): void {
  if (Array.isArray(value)) {
    meter.items(value.length);
    meter.enter();
    for (const item of value) gatherKeys(item, found, meter);
    meter.leave();
  } else if (!isFunctionValue(value)) {
    const keys = keysOf(value);
    meter.items(keys.length);
    for (const key of keys) found.add(key);
  }
}

function objectOf(keys: Iterable<string>): DataObject {
  const made: DataObject = {};
  for (const key of keys) setMember(made, key, true);
  return made;
}

/** One object for each member; what has none stays as it is. */
function spread(value: unknown, meter: Meter): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? spreadArray(value, meter) : spreadObject(value, meter);
}

function spreadArray(items: readonly unknown[], meter: Meter): unknown {
  meter.items(items.length);
  meter.enter();
  const all: unknown[] = [];
  for (const item of items) {
    const found = spread(item, meter);
    if (Array.isArray(found)) for (const part of found) all.push(part);
    else if (found !== undefined) all.push(found);
  }
  meter.leave();
  // The reference's concatenation is a plain array, except that of nothing.
  return items.length > 0 ? all : new Sequence();
}

function spreadObject(object: object, meter: Meter): Sequence {
  const parts = new Sequence();
  const keys = keysOf(object);
  meter.items(keys.length);
  meter.allocate(keys.length * OBJECT_BYTES);
  for (const key of keys) {
    const part: DataObject = {};
    setMember(part, key, memberOf(object, key));
    parts.push(part);
  }
  return parts;
}
