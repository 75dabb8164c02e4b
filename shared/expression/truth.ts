/** What values count as: true, equal, numeric, one of the signature's types. */
import type { Meter } from './budget.ts';
import { ExpressionEvaluationError } from './errors.ts';
import { isFunctionValue } from './function-value.ts';

const hasOwn = Object.prototype.hasOwnProperty;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws ExpressionEvaluationError D1001 for an infinite number */
export function isNumeric(value: unknown): value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) throw new ExpressionEvaluationError('D1001');
  return true;
}

/** The effective boolean value; nothing is false. */
export function truthOf(value: unknown): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value.length > 0;
    case 'number':
      return isNumeric(value) && value !== 0;
    case 'object':
      if (value === null) return false;
      if (Array.isArray(value)) return truthOfArray(value);
      for (const key in value) if (hasOwn.call(value, key)) return true;
      return false;
    default:
      return false;
  }
}

function truthOfArray(values: readonly unknown[]): boolean {
  let result = false;
  // The reference looks at every item, so an infinite number fails wherever it stands.
  for (const value of values) if (truthOf(value)) result = true;
  return result;
}

export function deepEqual(left: unknown, right: unknown, meter: Meter): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return false;
  }
  meter.step();
  meter.enter();
  const equal = Array.isArray(left)
    ? Array.isArray(right) && equalArrays(left, right, meter)
    : isObject(left) && isObject(right) && equalObjects(left, right, meter);
  meter.leave();
  return equal;
}

function equalArrays(left: readonly unknown[], right: readonly unknown[], meter: Meter): boolean {
  if (left.length !== right.length) return false;
  meter.steps(left.length);
  for (let index = 0; index < left.length; index += 1) {
    if (!deepEqual(left[index], right[index], meter)) return false;
  }
  return true;
}

function equalObjects(
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
  meter: Meter,
): boolean {
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  meter.steps(keys.length);
  for (const key of keys) if (!Object.hasOwn(right, key)) return false;
  return keys.every((key) => deepEqual(left[key], right[key], meter));
}

/** A signature's letter for a value; `m` is nothing. */
export function typeLetter(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 's';
    case 'number':
      return 'n';
    case 'boolean':
      return 'b';
    case 'function':
      return 'f';
    case 'object':
      if (value === null) return 'l';
      return Array.isArray(value) ? 'a' : 'o';
    default:
      return 'm';
  }
}

export function typeName(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return 'null';
  if (isNumeric(value)) return 'number';
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value;
  if (Array.isArray(value)) return 'array';
  return isFunctionValue(value) ? 'function' : 'object';
}
