/** Numbers: rounding, powers, casts. */
import { ExpressionEvaluationError } from '../errors.ts';
import { define, type Family, numberAt, ofNumber } from './builtin.ts';

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/;
// Unanchored as in the reference: Number() decides in the end.
const OTHER_BASE = /^(0[xX][0-9A-Fa-f]+)|(0[oO][0-7]+)|(0[bB][0-1]+)$/;

export const NUMERIC: Family = {
  number: define('<(nsb)-:n>', 1, ([value]) => toNumber(value)),
  abs: ofNumber(Math.abs),
  floor: ofNumber(Math.floor),
  ceil: ofNumber(Math.ceil),
  round: define('<n-n?:n>', 2, (args) => {
    const value = numberAt(args, 0);
    return value === undefined ? undefined : round(value, numberAt(args, 1));
  }),
  sqrt: ofNumber((value) => {
    if (value < 0) throw new ExpressionEvaluationError('D3060');
    return Math.sqrt(value);
  }),
  power: define('<n-n:n>', 2, (args) => {
    const base = numberAt(args, 0);
    if (base === undefined) return undefined;
    const result = base ** (numberAt(args, 1) ?? Number.NaN);
    if (!Number.isFinite(result)) throw new ExpressionEvaluationError('D3061');
    return result;
  }),
  random: define('<:n>', 0, (_args, run) => run.random()),
  formatBase: define('<n-n?:s>', 2, (args) => {
    const value = numberAt(args, 0);
    if (value === undefined) return undefined;
    const radix = round(numberAt(args, 1) ?? 10);
    if (radix < 2 || radix > 36) throw new ExpressionEvaluationError('D3100');
    return round(value).toString(radix);
  }),
};

function toNumber(value: unknown): number | undefined {
  if (value === undefined || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') {
    if (DECIMAL.test(value) && Number.isFinite(Number(value))) return Number.parseFloat(value);
    if (OTHER_BASE.test(value)) return Number(value);
  }
  throw new ExpressionEvaluationError('D3030');
}

/** Half to even, at `precision` digits after the point. */
export function round(value: number, precision?: number): number {
  const shifted = precision ? shift(value, precision) : value;
  let rounded = Math.round(shifted);
  if (Math.abs(rounded - shifted) === 0.5 && Math.abs(rounded % 2) === 1) rounded -= 1;
  const result = precision ? shift(rounded, -precision) : rounded;
  return Object.is(result, -0) ? 0 : result;
}

/** Moves the decimal point in the text, since a multiplication would round. */
function shift(value: number, digits: number): number {
  const [mantissa = '', exponent] = value.toString().split('e');
  return Number(`${mantissa}e${exponent ? Number(exponent) + digits : digits}`);
}
