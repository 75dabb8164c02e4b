/**
 * The platform's RegExp takes time linear in the text for every pattern that the safety check lets
 * through: twice the text, at most twice the time, on texts that are made to make it backtrack.
 *
 * `EXPRESSION_SEED=…` repeats a run.
 */
import { readPattern } from '#shared/expression/regex/pattern.ts';
import { backtrackingEffort } from '#shared/expression/regex/safety.ts';
import { Seeded } from '../random-expressions.ts';

const SEED = Number(process.env['EXPRESSION_SEED'] ?? Date.now() % 1_000_000_000);
const PATTERNS = 400;
const LENGTH = 100_000;
/** Twice the text takes twice the time; four times is quadratic. */
const MOST_GROWTH = 2.9;
/** Below this, growth is noise: a quadratic search of 100,000 characters takes a second and more. */
const NOISE_MS = 8;
const ATTEMPTS = 6;
const ATOMS = ['a', 'b', '.', '[ab]', '[^b]', '\\w', '\\s'];
const REPEATS = ['', '', '*', '+', '?', '*?', '{2}', '{0,3}', '{3,}', '{40,}', '{20000,}'];
const GROUPS = ['(', '(?:', '(?=', '(?!', '(?<=', '(?<!'];
const ASSERTIONS = ['^', '$', '\\b', '\\B'];
/** What is repeated to fill a text. */
const FILLINGS = ['a', 'ab', 'aab', ' ', `${'a'.repeat(19_999)}b`, `${'a'.repeat(39)} `];
const ENDINGS = ['', '!', 'b', '\n'];

function patternText(random: Seeded, depth: number): string {
  const count = random.below(5) === 0 ? 2 : 1;
  return Array.from({ length: count }, () => terms(random, depth)).join('|');
}

function terms(random: Seeded, depth: number): string {
  const anchor = random.below(4) === 0 ? '^' : '';
  return anchor + Array.from({ length: random.below(5) }, () => term(random, depth)).join('');
}

function term(random: Seeded, depth: number): string {
  const kind = random.below(14);
  if (kind === 0) return random.pick(ASSERTIONS);
  if (kind === 1) return '\\1';
  const isGroup = depth > 0 && kind < 6;
  const part = isGroup
    ? `${random.pick(GROUPS)}${patternText(random, depth - 1)})`
    : random.pick(ATOMS);
  return part + random.pick(REPEATS);
}

/** Undefined for what is no pattern, such as a look-behind that is repeated. */
function regExpOf(source: string): RegExp | undefined {
  try {
    return new RegExp(source);
  } catch {
    return undefined;
  }
}

function isLetThrough(source: string): boolean {
  return backtrackingEffort(readPattern(source), false) !== undefined;
}

/** Random patterns that are let through, the empty one left aside. */
function patternsLetThrough(random: Seeded): readonly RegExp[] {
  const found: RegExp[] = [];
  while (found.length < PATTERNS) {
    const source = patternText(random, 2);
    const expression = source === '' ? undefined : regExpOf(source);
    if (expression && isLetThrough(source)) found.push(expression);
  }
  return found;
}

function searchMs(expression: RegExp, text: string): number {
  const start = process.cpuUsage();
  expression.test(text);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** The least of several times: a machine that is busy only ever adds to them. */
function growsLinearly(expression: RegExp, text: string, twice: string): boolean {
  let once = Number.POSITIVE_INFINITY;
  let double = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    once = Math.min(once, searchMs(expression, text));
    double = Math.min(double, searchMs(expression, twice));
    if (double <= NOISE_MS || double <= MOST_GROWTH * once) return true;
  }
  return false;
}

function longText(filling: string, ending: string, length: number): string {
  return filling.repeat(Math.ceil(length / filling.length)) + ending;
}

it(`RegExp takes linear time for what the check lets through, EXPRESSION_SEED=${SEED}`, () => {
  const random = new Seeded(SEED);
  const texts = FILLINGS.map((filling) => {
    const ending = random.pick(ENDINGS);
    const [text, twice] = [LENGTH, 2 * LENGTH].map((length) => longText(filling, ending, length));
    return { name: `${filling.slice(-3)}…${ending}`, text: text!, twice: twice! };
  });
  const slow = patternsLetThrough(random).flatMap((expression) =>
    texts
      .filter(({ text, twice }) => !growsLinearly(expression, text, twice))
      .map(({ name }) => `${expression} on ${name}`),
  );
  expect(slow).toEqual([]);
}, 120_000);

it.each([
  ['a run that may fail after it', 'a*b'],
  ['two runs', '^a*a*b'],
  ['a run within a run', '^(?:a+)+$'],
  ['a run that looks ahead from everywhere', '(?=a*b)a'],
  ['a run that looks back from everywhere', '(?<!b+a+)a'],
  ['a run that is long before it counts', 'a{20000,}'],
  ['texts caught that double each time', '(a)(\\1\\1)(\\2\\2)(\\3\\3)(\\4\\4)(\\5\\5)(\\6\\6)b'],
  ['blanks at the end', '\\s+$'],
])('%s is not let through', (_name, source) => {
  expect(isLetThrough(source)).toBe(false);
});

it.each([
  ['a name ending', '__c$'],
  ['one run from the start', '^.*@'],
  ['a run at the end', '\\d{3}-\\w+'],
  ['looking ahead from the start, as rules for passwords do', '^(?=.*\\d)(?=.*[a-z]).{8,}$'],
  ['looking back at what is short', '(["\'])x\\1'],
])('%s is let through', (_name, source) => {
  expect(isLetThrough(source)).toBe(true);
});
