/** Random expressions and data for them, from a seeded source. */

export class Seeded {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** In [0, 1): mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }
}

const NAMES = ['a', 'b', 'c', 'id', 'name', 'tags', 'items', 'price'];
const TEXTS = ['', 'a', 'b', 'Hello world', '2024-01-15T09:30:00Z', 'a,b,c', '12', 'x_1__c', 'é😀'];
const NUMBERS = [0, 1, 2, -1, 3, 10, 1.5, 0.1, 1e21, 100];
const LITERAL_NUMBERS = ['0', '1', '2', '3', '10', '1.5', '-1'];

export function randomData(random: Seeded, depth = 3): unknown {
  const kind = random.below(depth > 0 ? 10 : 6);
  if (kind < 2) return random.pick(TEXTS);
  if (kind < 4) return random.pick(NUMBERS);
  if (kind === 4) return random.pick([true, false]);
  if (kind === 5) return null;
  if (kind < 8) {
    return Array.from({ length: random.below(4) }, () => randomData(random, depth - 1));
  }
  return randomObject(random, depth - 1);
}

export function randomObject(random: Seeded, depth = 3): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (let count = random.below(6); count > 0; count -= 1) {
    object[random.pick(NAMES)] = randomData(random, depth);
  }
  return object;
}

type Rule = (random: Seeded, depth: number) => string;

const LEAVES: readonly Rule[] = [
  (random) => random.pick(NAMES),
  (random) => random.pick(NAMES),
  (random) => random.pick(LITERAL_NUMBERS),
  (random) => `"${random.pick(TEXTS)}"`,
  (random) => random.pick(['true', 'false', 'null', '$', '$$', '*', '**', '$x', '$y']),
];

const OPERATORS = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'and',
  'or',
  'in',
];
const OF_ONE = [
  'string',
  'number',
  'boolean',
  'not',
  'exists',
  'count',
  'sum',
  'max',
  'min',
  'average',
  'keys',
  'length',
  'uppercase',
  'lowercase',
  'trim',
  'distinct',
  'reverse',
  'spread',
  'merge',
  'sort',
  'type',
  'abs',
  'floor',
  'ceil',
  'round',
  'sqrt',
  'base64encode',
  'encodeUrlComponent',
  'toMillis',
  'fromMillis',
];
const OF_TWO = [
  'append',
  'lookup',
  'split',
  'join',
  'contains',
  'substring',
  'substringBefore',
  'substringAfter',
  'pad',
  'zip',
  'power',
  'round',
  'match',
  'formatBase',
  'string',
];
const PATTERNS = [
  '/a/',
  '/[a-c]+/i',
  '/(\\w)(\\d)?/',
  '/^\\s*(.*)$/',
  '/(a|b)*c/',
  '/__c$/i',
  '/,/',
];

const RULES: readonly Rule[] = [
  (random, depth) => `${step(random, depth)}.${step(random, depth)}`,
  (random, depth) => `${step(random, depth)}.${step(random, depth)}.${step(random, depth)}`,
  (random, depth) => `${random.pick(NAMES)}[${expression(random, depth)}]`,
  (random, depth) => `${random.pick(NAMES)}.${random.pick(NAMES)}[${expression(random, depth)}]`,
  (random) => `${random.pick(NAMES)}[].${random.pick(NAMES)}`,
  (random) => `${random.pick(NAMES)}.${random.pick(NAMES)}[]`,
  (random, depth) =>
    `(${expression(random, depth)}) ${random.pick(OPERATORS)} (${expression(random, depth)})`,
  (random, depth) =>
    `(${expression(random, depth)}) ${random.pick(OPERATORS)} (${expression(random, depth)})`,
  (random, depth) => `[${list(random, depth)}]`,
  (random, depth) =>
    `[1..${random.pick(['0', '1', '3', 'a', 'price'])}, ${expression(random, depth)}]`,
  (random, depth) => `{"k": ${expression(random, depth)}, "l": ${expression(random, depth)}}`,
  (random, depth) =>
    `${random.pick(NAMES)}{${random.pick(['"k"', 'name', '$string(id)'])}: ${expression(random, depth)}}`,
  (random, depth) =>
    `${step(random, depth)}.{"k": ${expression(random, depth)}, "m": ${random.pick(NAMES)}}`,
  (random, depth) =>
    `(${expression(random, depth)} ? ${expression(random, depth)} : ${expression(random, depth)})`,
  (random, depth) =>
    `($x := ${expression(random, depth)}; $y := ${expression(random, depth)}; ${expression(random, depth)})`,
  (random, depth) => `$${random.pick(OF_ONE)}(${expression(random, depth)})`,
  (random, depth) => `$${random.pick(OF_ONE)}(${expression(random, depth)})`,
  (random, depth) =>
    `$${random.pick(OF_TWO)}(${expression(random, depth)}, ${expression(random, depth)})`,
  (random, depth) => `${step(random, depth)}.$${random.pick(OF_ONE)}()`,
  (random, depth) => `$map(${expression(random, depth)}, ${lambda(random, depth)})`,
  (random, depth) => `$filter(${expression(random, depth)}, ${lambda(random, depth)})`,
  (random, depth) => `$sift(${expression(random, depth)}, ${lambda(random, depth)})`,
  (random, depth) => `$each(${expression(random, depth)}, ${lambda(random, depth)})`,
  (random, depth) =>
    `$reduce(${expression(random, depth)}, function($x, $y){${expression(random, depth)}})`,
  (random, depth) => `$map(${expression(random, depth)}, $${random.pick(OF_ONE)})`,
  (random, depth) => `${expression(random, depth)} ~> $${random.pick(OF_ONE)}`,
  (random, depth) => `(${expression(random, depth)}) ~> ${random.pick(PATTERNS)}`,
  (random, depth) => `$replace(${expression(random, depth)}, ${random.pick(PATTERNS)}, "<$1>")`,
  (random, depth) => `$match(${expression(random, depth)}, ${random.pick(PATTERNS)})`,
  (random, depth) => `$split(${expression(random, depth)}, ${random.pick(PATTERNS)})`,
  (random, depth) =>
    `${random.pick(NAMES)}^(${random.pick(['', '<', '>'])}${expression(random, depth)})`,
  (random) => `${random.pick(NAMES)}.${random.pick(NAMES)}.%.${random.pick(NAMES)}`,
  (random, depth) =>
    `${random.pick(NAMES)}@$x.${random.pick(NAMES)}#$y.${expression(random, depth)}`,
  (random, depth) =>
    `${random.pick(NAMES)}#$y[$y < 2].{"i": $y, "v": ${expression(random, depth)}}`,
  (random, depth) => `$ ~> |${random.pick(NAMES)}|{"k": ${expression(random, depth)}}, ["a"]|`,
  (random, depth) => `(${lambda(random, depth)})(${list(random, depth)})`,
  (random, depth) => `($f := $substring(?, 1); $f("t" & (${expression(random, depth)})))`,
  (random, depth) => `${random.pick(NAMES)} ?? (${expression(random, depth)})`,
  (random, depth) => `-(${expression(random, depth)})`,
  (random, depth) => `$sort(${expression(random, depth)}, function($x, $y){$x > $y})`,
];

function step(random: Seeded, depth: number): string {
  return random.below(3) === 0 ? `(${expression(random, depth)})` : random.pick(NAMES);
}

function list(random: Seeded, depth: number): string {
  return Array.from({ length: random.below(4) }, () => expression(random, depth)).join(', ');
}

function lambda(random: Seeded, depth: number): string {
  const parameters = random.pick(['$x', '$x, $y', '$x, $y, $z']);
  return `function(${parameters}){${expression(random, depth)}}`;
}

export function expression(random: Seeded, depth: number): string {
  const rules = depth > 0 && random.below(5) > 0 ? RULES : LEAVES;
  return random.pick(rules)(random, depth - 1);
}
