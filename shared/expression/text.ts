/**
 * Values as text, as `$string` writes them: JSON whose numbers have at most 15 digits and whose
 * functions are empty strings. Written by hand because JSON.stringify asks for its memory at once.
 */
import type { Meter } from './budget.ts';
import { ExpressionEvaluationError } from './errors.ts';
import { Sequence } from './sequence.ts';
import { isNumeric, isObject } from './truth.ts';

const DIGITS = 15;

export function textOf(value: unknown, meter: Meter, pretty = false): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'function') return '';
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new ExpressionEvaluationError('D3001');
  }
  const inner = value instanceof Sequence && value.outerWrapper ? value[0] : value;
  return write(inner, meter, pretty ? '\n' : '') ?? '';
}

/** JSON of a value, or undefined where JSON has none; `indent` is a line break and its indent. */
function write(value: unknown, meter: Meter, indent: string): string | undefined {
  switch (typeof value) {
    case 'string':
      meter.allocate(value.length);
      return JSON.stringify(value);
    case 'number':
      return isNumeric(value) ? numberText(value) : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    case 'function':
      return '""';
    case 'object':
      return value === null ? 'null' : writeContainer(value, meter, indent);
    default:
      return undefined;
  }
}

function numberText(value: number): string {
  const text = Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
  return Object.is(text, -0) ? '0' : String(text);
}

function writeContainer(value: object, meter: Meter, indent: string): string {
  meter.enter();
  const inner = indent && `${indent}  `;
  const parts: string[] = [];
  if (Array.isArray(value)) {
    meter.items(value.length);
    for (const item of value) parts.push(write(item, meter, inner) ?? 'null');
  } else if (isObject(value)) writeMembers(value, meter, inner, parts);
  meter.leave();
  const open = Array.isArray(value) ? '[' : '{';
  const close = Array.isArray(value) ? ']' : '}';
  if (parts.length === 0) return open + close;
  let length = parts.length * (1 + inner.length);
  for (const part of parts) length += part.length;
  // Every level writes all that is within it once more.
  meter.allocate(length);
  return open + inner + parts.join(`,${inner}`) + indent + close;
}

function writeMembers(
  value: Readonly<Record<string, unknown>>,
  meter: Meter,
  indent: string,
  parts: string[],
): void {
  const keys = Object.keys(value);
  meter.items(keys.length);
  for (const key of keys) {
    const text = write(value[key], meter, indent);
    if (text === undefined) continue;
    meter.allocate(key.length);
    parts.push(`${JSON.stringify(key)}:${indent && ' '}${text}`);
  }
}
