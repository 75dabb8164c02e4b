/**
 * Signatures of functions: what arguments they take, and when the context stands in for a missing
 * one. `<s-nn?:s>`: text (or the context), number, perhaps a number; gives text.
 *
 * Errors  T0410 argument of the wrong type, T0411 context of the wrong type,
 *         T0412 array with items of the wrong type
 * Source  https://docs.jsonata.org/embedding-extending#function-signature-syntax
 */
import { ExpressionEvaluationError } from './errors.ts';
import type { Args } from './function-value.ts';
import { typeLetter } from './truth.ts';

interface Parameter {
  /** The letters that it accepts, `m` (nothing) among them. */
  readonly letters: string;
  readonly isArray: boolean;
  /** Letter that an array's items must have. */
  readonly items: string | undefined;
  readonly usesContext: boolean;
  readonly isOptional: boolean;
  readonly isRepeated: boolean;
}

const ANY = 'asnblfom';
const LETTERS: Readonly<Record<string, string>> = {
  s: 'sm',
  n: 'nm',
  b: 'bm',
  l: 'lm',
  o: 'om',
  a: ANY,
  f: 'f',
  j: 'asnblom',
  x: ANY,
};
const CLOSING: Readonly<Record<string, string>> = { '<': '>', '(': ')' };

export class Signature {
  readonly #parameters: readonly Parameter[];
  readonly #pattern: RegExp;
  /** Arguments that need no repair: each of a plain type and all there. */
  readonly #contextCount: number;

  constructor(definition: string) {
    this.#parameters = parseParameters(definition);
    this.#pattern = new RegExp(`^${this.#parameters.map((p) => `(${patternOf(p)})`).join('')}$`);
    this.#contextCount = 1 + this.#parameters.findLastIndex((parameter) => parameter.usesContext);
  }

  /** How many arguments make the context unneeded. */
  get contextFreeCount(): number {
    return this.#contextCount;
  }

  /** @throws ExpressionEvaluationError T0410, T0411, T0412 */
  validate(args: Args, context: unknown): Args {
    if (this.#fitsAsIs(args)) return args;
    const letters = args.map(typeLetter).join('');
    const match = this.#pattern.exec(letters);
    if (!match) throw new ExpressionEvaluationError('T0410');
    const out: unknown[] = [];
    let next = 0;
    this.#parameters.forEach((parameter, index) => {
      const matched = match[index + 1] ?? '';
      if (matched === '') {
        if (parameter.usesContext) out.push(contextFor(parameter, context));
        else {
          out.push(args[next]);
          next += 1;
        }
        return;
      }
      for (const letter of matched) {
        const argument = args[next];
        out.push(parameter.isArray ? arrayFor(parameter, argument, letter, matched) : argument);
        next += 1;
      }
    });
    return out;
  }

  #fitsAsIs(args: Args): boolean {
    if (args.length !== this.#parameters.length) return false;
    for (let index = 0; index < args.length; index += 1) {
      const parameter = this.#parameters[index];
      const letter = typeLetter(args[index]);
      if (!parameter?.letters.includes(letter) || letter === 'm') return false;
      if (parameter.isArray && (letter !== 'a' || parameter.items !== undefined)) return false;
    }
    return true;
  }
}

function patternOf(parameter: Parameter): string {
  const letters = `[${parameter.letters}]`;
  const context = parameter.usesContext ? '?' : '';
  return letters + context + (parameter.isOptional ? '?' : '') + (parameter.isRepeated ? '+' : '');
}

function contextFor(parameter: Parameter, context: unknown): unknown {
  if (parameter.letters.includes(typeLetter(context))) return context;
  throw new ExpressionEvaluationError('T0411');
}

function arrayFor(parameter: Parameter, argument: unknown, letter: string, matched: string) {
  if (letter === 'm') return undefined;
  const fits =
    letter === 'a'
      ? hasItems(argument, parameter.items)
      : parameter.items === undefined || matched === parameter.items;
  if (!fits) throw new ExpressionEvaluationError('T0412');
  return letter === 'a' ? argument : [argument];
}

function hasItems(argument: unknown, items: string | undefined): boolean {
  if (items === undefined || !Array.isArray(argument)) return true;
  for (const item of argument) if (typeLetter(item) !== items.charAt(0)) return false;
  return true;
}

function parseParameters(definition: string): readonly Parameter[] {
  const parameters: Parameter[] = [];
  let position = 1;
  while (position < definition.length && definition.charAt(position) !== ':') {
    position = readParameter(definition, position, parameters) + 1;
  }
  return parameters;
}

/** Reads one sign of a signature; answers the place of its last character. */
function readParameter(definition: string, position: number, parameters: Parameter[]): number {
  const symbol = definition.charAt(position);
  const last = parameters.at(-1);
  if (symbol === '(' || symbol === '<') {
    const end = closingOf(definition, position);
    const inner = definition.substring(position + 1, end);
    if (symbol === '(') parameters.push(parameterOf(`${inner}m`, false));
    else if (last) parameters[parameters.length - 1] = { ...last, items: inner };
    return end;
  }
  const letters = LETTERS[symbol];
  if (letters !== undefined) parameters.push(parameterOf(letters, symbol === 'a'));
  else if (last) parameters[parameters.length - 1] = modified(last, symbol);
  return position;
}

function modified(parameter: Parameter, symbol: string): Parameter {
  return {
    ...parameter,
    usesContext: parameter.usesContext || symbol === '-',
    isOptional: parameter.isOptional || symbol === '?',
    isRepeated: parameter.isRepeated || symbol === '+',
  };
}

function parameterOf(letters: string, isArray: boolean): Parameter {
  return {
    letters,
    isArray,
    items: undefined,
    usesContext: false,
    isOptional: false,
    isRepeated: false,
  };
}

function closingOf(text: string, open: number): number {
  const opening = text.charAt(open);
  let depth = 1;
  let position = open;
  while (position < text.length) {
    position += 1;
    const symbol = text.charAt(position);
    if (symbol === CLOSING[opening]) {
      depth -= 1;
      if (depth === 0) break;
    } else if (symbol === opening) depth += 1;
  }
  return position;
}
