/**
 * JSON as providers send it: ids beyond 2^53 keep their digits, and nothing nests deeper than the
 * rest of the engine can walk.
 *
 * Units   {@link MAX_DEPTH} levels of arrays and objects
 * Source  RFC 8259 §6 (numbers), §9 (limits of a parser)
 */

/** Far beyond what providers send, far below what overflows a stack: JSON.stringify dies at some 6,000. */
const MAX_DEPTH = 500;

/** A number with so many digits that it may not survive as a double. */
const LONG_NUMBER = /[[:,\s]-?\d{16}/;

/** Undefined where `text` is no JSON. Ids beyond 2^53 become strings, digit for digit. */
export function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    const value: unknown = LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
    return isWithin(MAX_DEPTH, value) ? value : undefined;
  } catch {
    // The parser's own message quotes the text. Whoever needed JSON says that there was none.
    return undefined;
  }
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}

/** Whether `value` nests at most `levels` deep. Looks into containers only: on every answer's path. */
function isWithin(levels: number, value: unknown): boolean {
  if (!isContainer(value)) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isWithin(levels - 1, item));
  // Several times as quick as a list of the values.
  for (const name in value) {
    const member: unknown = value[name];
    if (isContainer(member) && !isWithin(levels - 1, member)) return false;
  }
  return true;
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
