/**
 * Objects as data: reading sees own members only, writing never touches a prototype, whatever the
 * key is called.
 */

import type { Meter } from './budget.ts';
import { isFunctionValue } from './function-value.ts';
import { Sequence } from './sequence.ts';
import { isObject } from './truth.ts';

export type DataObject = Record<string, unknown>;

/** Whether an inherited member of this name could be mistaken for data. */
export function isInheritedName(key: string): boolean {
  return key in Object.prototype;
}

export function setMember(target: DataObject, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  } else target[key] = value;
}

/** The member of an object, or of every object of an array, as the reference's lookup. */
export function lookup(input: unknown, key: string, meter: Meter): unknown {
  if (Array.isArray(input)) return lookupEach(input, key, meter);
  if (!isObject(input) || isFunctionValue(input)) return undefined;
  return Object.hasOwn(input, key) ? input[key] : undefined;
}

function lookupEach(items: readonly unknown[], key: string, meter: Meter): Sequence {
  const out = new Sequence();
  meter.steps(items.length);
  meter.enter();
  for (const item of items) {
    const found = lookup(item, key, meter);
    if (Array.isArray(found)) {
      meter.items(found.length);
      for (const member of found) out.push(member);
    } else if (found !== undefined) {
      meter.item(out.length);
      out.push(found);
    }
  }
  meter.leave();
  return out;
}

/** Keys of an object, or of an array by its indexes; none for anything else. */
export function keysOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

/** The member by a key that {@link keysOf} gave. */
export function memberOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isObject(value) ? value[key] : undefined;
}
