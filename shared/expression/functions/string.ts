/** Text: cutting, casing, padding, joining. Whatever makes longer text pays before it does. */
import { ExpressionEvaluationError } from '../errors.ts';
import { textOf } from '../text.ts';
import { arrayAt, define, type Family, numberAt, ofText, textAt } from './builtin.ts';

const SURROGATE = /[\ud800-\udfff]/;

export const STRING: Family = {
  string: define('<x-b?:s>', 1, ([value, pretty], run) =>
    value === undefined ? undefined : textOf(value, run.meter, pretty === true),
  ),
  length: ofText(lengthOf),
  lowercase: ofText((text) => text.toLowerCase()),
  uppercase: ofText((text) => text.toUpperCase()),
  trim: ofText(trimmed),
  substring: define('<s-nn?:s>', 3, (args, run) => {
    const text = textAt(args, 0);
    if (text === undefined) return undefined;
    run.meter.read(text.length);
    return substring(text, numberAt(args, 1) ?? 0, numberAt(args, 2));
  }),
  substringBefore: define('<s-s:s>', 2, (args, run) => {
    const text = textAt(args, 0);
    if (text === undefined) return undefined;
    run.meter.read(text.length);
    const at = text.indexOf(String(textAt(args, 1)));
    return at < 0 ? text : text.substring(0, at);
  }),
  substringAfter: define('<s-s:s>', 2, (args, run) => {
    const text = textAt(args, 0);
    if (text === undefined) return undefined;
    run.meter.read(text.length);
    const mark = String(textAt(args, 1));
    const at = text.indexOf(mark);
    return at < 0 ? text : text.substring(at + mark.length);
  }),
  pad: define('<s-ns?:s>', 3, (args, run) => {
    const text = textAt(args, 0);
    if (text === undefined) return undefined;
    run.meter.read(text.length);
    const width = Math.trunc(numberAt(args, 1) ?? 0);
    const missing = Math.abs(width) - lengthOf(text);
    if (!(missing > 0)) return text;
    const filler = textAt(args, 2) || ' ';
    run.meter.allocate(missing * filler.length + text.length);
    const padding = substring(filler.repeat(missing), 0, missing);
    return width > 0 ? text + padding : padding + text;
  }),
  join: define('<a<s>s?:s>', 2, (args, run) => {
    const texts = arrayAt(args, 0);
    if (!texts) return undefined;
    const separator = textAt(args, 1) ?? '';
    run.meter.steps(texts.length);
    let length = separator.length * Math.max(0, texts.length - 1);
    for (const text of texts) length += typeof text === 'string' ? text.length : 0;
    run.meter.allocate(length);
    return texts.join(separator);
  }),
  error: define('<s?:x>', 1, () => {
    throw new ExpressionEvaluationError('D3137');
  }),
  assert: define('<bs?:x>', 2, ([holds]) => {
    if (!holds) throw new ExpressionEvaluationError('D3141');
    return undefined;
  }),
};

/** Characters as a person counts them in Unicode: a surrogate pair is one. */
function lengthOf(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let length = 0;
  for (const _character of text) length += 1;
  return length;
}

function substring(text: string, start: number, length: number | undefined): string {
  const characters: string | readonly string[] = SURROGATE.test(text) ? Array.from(text) : text;
  const total = characters.length;
  const from = total + start < 0 ? 0 : start;
  if (length !== undefined && length <= 0) return '';
  const end = length === undefined ? undefined : from >= 0 ? from + length : total + from + length;
  const cut = characters.slice(from, end);
  return typeof cut === 'string' ? cut : cut.join('');
}

const BLANKS = /[ \t\n\r]+/g;
/** Blanks between words that are not one space. */
const UNEVEN_BLANKS = /[\t\n\r]| {2}/;

/** Without blanks at either end, and with one space for those between. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  const inner = text.substring(start, end);
  return UNEVEN_BLANKS.test(inner) ? inner.replace(BLANKS, ' ') : inner;
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0d;
}
