/**
 * Calls of built-in functions that mappings make for every record, without the list of arguments and
 * the check of the signature. Whatever is unusual goes the general way.
 */
import type { Evaluate, Frame } from '../frame.ts';
import type { Args } from '../function-value.ts';
import { truthOf } from '../truth.ts';
import { type Code, plain } from './context.ts';

export type ApplyBuiltin = (args: Args, input: unknown, frame: Frame) => unknown;

/** Answers for the usual kinds of argument; {@link UNUSUAL} asks for the general way. */
type Quick = (value: unknown, frame: Frame) => unknown;

const UNUSUAL = Symbol('unusual');

const QUICK: Readonly<Record<string, Quick>> = {
  string: (value) =>
    typeof value === 'string' || value === undefined
      ? value
      : Number.isSafeInteger(value) && value !== 0
        ? String(value)
        : UNUSUAL,
  boolean: (value) => (value === undefined ? undefined : truthOf(value)),
  not: (value) => (value === undefined ? undefined : !truthOf(value)),
  exists: (value) => value !== undefined,
  lowercase: (value, frame) => onText(value, frame, (text) => text.toLowerCase()),
  uppercase: (value, frame) => onText(value, frame, (text) => text.toUpperCase()),
  count: (value) => (Array.isArray(value) ? value.length : UNUSUAL),
};

function onText(value: unknown, frame: Frame, change: (text: string) => string): unknown {
  if (typeof value !== 'string') return UNUSUAL;
  frame.run.meter.read(value.length);
  return change(value);
}

/** Functions whose first argument the context stands in for when a path's step calls them so. */
const OF_CONTEXT = new Set(['string', 'lowercase', 'uppercase']);

/** @param general the call with its arguments' values */
export function compileQuickCall(
  name: string,
  args: readonly Evaluate[],
  general: ApplyBuiltin,
): Code | undefined {
  const quick = Object.hasOwn(QUICK, name) ? QUICK[name] : undefined;
  if (!quick || args.length > 1) return undefined;
  const [argument] = args;
  if (argument) {
    return plain((input, frame) => {
      const value = argument(input, frame);
      const result = quick(value, frame);
      return result === UNUSUAL ? general([value], input, frame) : result;
    });
  }
  if (!OF_CONTEXT.has(name)) return undefined;
  return plain((input, frame) => {
    const result = input === undefined ? UNUSUAL : quick(input, frame);
    return result === UNUSUAL ? general([], input, frame) : result;
  });
}
