/** Whole numbers in other notations: English words, Roman numerals, letters as a sheet's columns. */
const FEW =
  'Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen'.split(
    ' ',
  );
const ORDINALS =
  'Zeroth First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh Twelfth Thirteenth Fourteenth Fifteenth Sixteenth Seventeenth Eighteenth Nineteenth'.split(
    ' ',
  );
const DECADES = 'Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety Hundred'.split(' ');
const MAGNITUDES = 'Thousand Million Billion Trillion'.split(' ');
const LETTERS = 26;

const ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];
const ROMAN_VALUES = new Map([
  ['M', 1000],
  ['D', 500],
  ['C', 100],
  ['L', 50],
  ['X', 10],
  ['V', 5],
  ['I', 1],
]);

/** Every word with the number that it stands for. */
export const WORD_VALUES: ReadonlyMap<string, number> = wordValues();

function wordValues(): Map<string, number> {
  const values = new Map<string, number>();
  for (const words of [FEW, ORDINALS]) {
    for (const [index, word] of words.entries()) values.set(word.toLowerCase(), index);
  }
  DECADES.forEach((word, index) => {
    const name = word.toLowerCase();
    values.set(name, (index + 2) * 10);
    values.set(`${name.slice(0, -1)}ieth`, (index + 2) * 10);
  });
  values.set('hundredth', 100);
  MAGNITUDES.forEach((word, index) => {
    const name = word.toLowerCase();
    values.set(name, 10 ** ((index + 1) * 3));
    values.set(`${name}th`, 10 ** ((index + 1) * 3));
  });
  return values;
}

export function toWords(value: number, ordinal: boolean): string {
  return words(value, false, ordinal);
}

/** @param follows whether words stand before these */
function words(value: number, follows: boolean, ordinal: boolean): string {
  if (value < 100) return (follows ? ' and ' : '') + smallWords(value, ordinal);
  const isHundreds = value < 1000;
  const magnitude = Math.min(Math.floor(Math.log10(value) / 3), MAGNITUDES.length);
  const factor = isHundreds ? 100 : 10 ** (magnitude * 3);
  const count = Math.floor(value / factor);
  const rest = value - count * factor;
  const name = isHundreds ? 'Hundred' : MAGNITUDES[magnitude - 1];
  const head = `${follows ? ', ' : ''}${words(count, false, false)} ${name}`;
  if (rest > 0) return head + words(rest, true, ordinal);
  return ordinal ? `${head}th` : head;
}

/** Below a hundred. */
function smallWords(value: number, ordinal: boolean): string {
  if (value <= 19) return String((ordinal ? ORDINALS : FEW)[value]);
  const tens = String(DECADES[Math.floor(value / 10) - 2]);
  const rest = value % 10;
  if (rest > 0) return `${tens}-${smallWords(rest, ordinal)}`;
  return ordinal ? `${tens.slice(0, -1)}ieth` : tens;
}

export function fromWords(text: string): number {
  const segments = [0];
  for (const part of text.split(/,\s|\sand\s|[\s\\-]/)) {
    const value = WORD_VALUES.get(part) ?? Number.NaN;
    let top = segments.pop() ?? 0;
    if (value < 100) {
      if (top >= 1000) {
        segments.push(top);
        top = 0;
      }
      segments.push(top + value);
    } else segments.push(top * value);
  }
  return segments.reduce((sum, segment) => sum + segment, 0);
}

/** Lower case. One letter for each thousand: the caller pays for `value / 1000` characters. */
export function toRoman(value: number): string {
  let rest = value;
  let text = '';
  for (const [worth, numeral] of ROMAN) {
    const count = Math.floor(rest / worth);
    text += numeral.repeat(count);
    rest -= count * worth;
  }
  return text;
}

/** @param text in upper case */
export function fromRoman(text: string): number {
  let sum = 0;
  let highest = 1;
  for (const digit of [...text].reverse()) {
    const value = ROMAN_VALUES.get(digit) ?? Number.NaN;
    if (value < highest) sum -= value;
    else {
      highest = value;
      sum += value;
    }
  }
  return sum;
}

export function toLetters(value: number, first: string): string {
  const code = first.charCodeAt(0);
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor((rest - 1) / LETTERS)) {
    text = String.fromCharCode(((rest - 1) % LETTERS) + code) + text;
  }
  return text;
}

export function fromLetters(text: string, first: string): number {
  const code = first.charCodeAt(0);
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) {
    sum += (text.charCodeAt(text.length - index - 1) - code + 1) * LETTERS ** index;
  }
  return sum;
}
