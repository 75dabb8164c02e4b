/** The machine for regular expressions finds what the platform's RegExp finds. */
import { DEFAULT_BUDGET, Meter } from '#shared/expression/budget.ts';
import { search } from '#shared/expression/regex/machine.ts';
import { createMatcher } from '#shared/expression/regex/matcher.ts';
import { readPattern } from '#shared/expression/regex/pattern.ts';
import { programOf } from '#shared/expression/regex/program.ts';
import { Seeded } from '../random-expressions.ts';

const RUNS = 5_000;
const SEED = Number(process.env['EXPRESSION_SEED'] ?? Date.now() % 1_000_000_000);
const ATOMS = [
  'a',
  'b',
  'c',
  '.',
  '\\d',
  '\\w',
  '\\s',
  '[ab]',
  '[^a]',
  '1',
  '\\x41',
  '-',
  '[a-c1]',
];
const ASSERTIONS = ['^', '$', '\\b', '\\B'];
const REPEATS = ['', '', '', '*', '+', '?', '{2}', '{1,2}', '{0,2}', '{1,}'];
const CHARACTERS = ['a', 'b', 'c', 'A', 'B', '1', ' ', '-', '\n', 'é', '\u2028'];

function alternatives(random: Seeded, depth: number): string {
  const count = random.below(4) === 0 ? 2 : 1;
  return Array.from({ length: count }, () => terms(random, depth)).join('|');
}

function terms(random: Seeded, depth: number): string {
  return Array.from({ length: random.below(4) }, () => term(random, depth)).join('');
}

function term(random: Seeded, depth: number): string {
  if (random.below(10) === 0) return random.pick(ASSERTIONS);
  const isGroup = depth > 0 && random.below(3) === 0;
  const part = isGroup
    ? `${random.pick(['(', '(?:'])}${alternatives(random, depth - 1)})`
    : random.pick(ATOMS);
  return part + random.pick(REPEATS);
}

function byPlatform(source: string, flags: string, text: string): unknown {
  const found = new RegExp(source, flags).exec(text);
  return found && [found.index, ...found];
}

function byMachine(source: string, flags: string, text: string): unknown {
  const pattern = readPattern(source);
  const program = programOf(pattern, flags)!;
  const what = { program, groups: pattern.groups, isMultiline: flags.includes('m') };
  const slots = search(what, text, 0, new Meter(DEFAULT_BUDGET));
  if (!slots) return null;
  const caught = Array.from({ length: pattern.groups + 1 }, (_group, index) => {
    const [from, to] = [slots[2 * index]!, slots[2 * index + 1]!];
    return from < 0 || to < 0 ? undefined : text.substring(from, to);
  });
  return [slots[0], ...caught];
}

it(`finds the same matches and groups, EXPRESSION_SEED=${SEED}`, () => {
  const random = new Seeded(SEED);
  for (let run = 0; run < RUNS; run += 1) {
    const source = alternatives(random, 2) || 'a';
    const flags = random.pick(['', 'i', 'm', 'im']);
    const text = Array.from({ length: random.below(9) }, () => random.pick(CHARACTERS)).join('');
    const found = { source, flags, text, match: byMachine(source, flags, text) };
    expect(found).toEqual({ source, flags, text, match: byPlatform(source, flags, text) });
  }
});

it.each([
  ['a+?', 'aaa'],
  ['<(.*?)>', 'x<b>y</b>'],
  ['(a*?)b', 'aab'],
  ['(\\d+?)(0*)$', '102300'],
])('prefers the shortest where %s asks for it', (source, text) => {
  expect(byMachine(source, '', text)).toEqual(byPlatform(source, '', text));
});

it.each([
  ['/__c$/i', /__c$/i, ['name__c', 'NAME__C', 'name__cx', '__', 'ſ__c', '']],
  ['/^ab/', /^ab/, ['abc', 'Abc', 'cab', 'a']],
  ['/^k$/i', /^k$/i, ['k', 'K', '\u212a', 'kk']],
])('compares %s as the platform does', (_name, expression, texts) => {
  const matcher = createMatcher(expression, 0);
  for (const text of texts) {
    expect(matcher.test(text, new Meter(DEFAULT_BUDGET))).toBe(expression.test(text));
  }
});
