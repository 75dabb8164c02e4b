/**
 * What leaves an expression: plain JSON-like values, owing nothing to how they were computed.
 * Sequences become arrays, functions become empty text, as `$string` writes them. Paid for by the
 * byte, since one value may stand in many places of the result.
 */
import type { Meter } from './budget.ts';
import { setMember } from './record.ts';
import { isObject } from './truth.ts';

export function plainResult(value: unknown, meter: Meter): unknown {
  switch (typeof value) {
    case 'string':
      meter.allocate(value.length);
      return value;
    case 'function':
      return '';
    case 'object':
      if (value === null) return value;
      return Array.isArray(value) ? plainArray(value, meter) : plainObject(value, meter);
    default:
      return value;
  }
}

const ITEM_BYTES = 8;
const hasOwn = Object.prototype.hasOwnProperty;

function plainArray(items: readonly unknown[], meter: Meter): unknown {
  meter.enter();
  meter.allocate(items.length * ITEM_BYTES);
  // An array of the input is passed on as it is; one of ours is copied into a plain one.
  let copy: unknown[] | undefined =
    Object.getPrototypeOf(items) === Array.prototype ? undefined : [];
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    const isSimple = typeof item === 'number' || typeof item === 'boolean';
    const result = isSimple ? item : plainResult(item, meter);
    if (!copy && result !== item) copy = items.slice(0, index);
    copy?.push(result);
  }
  meter.leave();
  return copy ?? items;
}

function plainObject(object: object, meter: Meter): unknown {
  if (!isObject(object)) return object;
  meter.enter();
  let copy: Record<string, unknown> | undefined;
  let bytes = 0;
  // Several times as quick as a list of the keys, since members are read in their own order.
  for (const key in object) {
    if (!hasOwn.call(object, key)) continue;
    const member = object[key];
    bytes += ITEM_BYTES + key.length;
    if (typeof member === 'string') bytes += member.length;
    if (!mayHoldMarks(member)) continue;
    const result = plainResult(member, meter);
    if (result === member) continue;
    copy ??= { ...object };
    setMember(copy, key, result);
  }
  meter.allocate(bytes);
  meter.leave();
  return copy ?? object;
}

function mayHoldMarks(member: unknown): boolean {
  return typeof member === 'object' || typeof member === 'function';
}
