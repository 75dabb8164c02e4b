/** Expressions that mean harm: each must end soon, without hurting the process that runs it. */
export interface Attack {
  readonly name: string;
  readonly text: string;
  readonly input?: unknown;
}

const LONG = 'a'.repeat(50_000);

export const ATTACKS: readonly Attack[] = [
  { name: 'endless recursion', text: '($f := function($n){1 + $f($n)}; $f(1))' },
  { name: 'endless tail recursion', text: '($f := function($n){$f($n + 1)}; $f(1))' },
  {
    name: 'endless mutual tail recursion',
    text: '($f := function(){$g()}; $g := function(){$f()}; $f())',
  },
  { name: 'Y combinator without end', text: '(λ($f){$f($f)})(λ($f){1 + $f($f)})' },
  {
    name: 'exponential recursion',
    text: '($fib := function($n){$n < 2 ? $n : $fib($n - 1) + $fib($n - 2)}; $fib(60))',
  },
  {
    name: 'Ackermann',
    text: '($a := function($m, $n){$m = 0 ? $n + 1 : $n = 0 ? $a($m - 1, 1) : $a($m - 1, $a($m, $n - 1))}; $a(4, 3))',
  },
  {
    name: 'cartesian product by nested maps',
    text: '$map([1..2000], function($a){$map([1..2000], function($b){$map([1..2000], function($c){$a * $b * $c})})})',
  },
  {
    name: 'cartesian product by bindings',
    text: 'items@$a.$$.items@$b.$$.items@$c.{"a": $a, "b": $b, "c": $c}',
    input: { items: Array.from({ length: 2000 }, (_item, index) => index) },
  },
  {
    name: 'cartesian product by predicates',
    text: 'items[$count($$.items[$count($$.items[$ > 0]) > 0]) > 0]',
    input: { items: Array.from({ length: 3000 }, (_item, index) => index) },
  },
  { name: 'nested quantifiers', text: '$match(input, /^(a+)+$/)', input: { input: `${LONG}!` } },
  {
    name: 'nested quantifiers with alternatives',
    text: 'input ~> /(a|aa)+$/',
    input: { input: `${LONG}!` },
  },
  {
    name: 'quantified any, twelve times',
    text: 'input ~> /(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)[b]$/',
    input: { input: LONG },
  },
  {
    name: 'quadratic trailing blanks',
    text: '$replace(input, /\\s+$/, "")',
    input: { input: `${' '.repeat(200_000)}x` },
  },
  {
    name: 'bounded repeats within bounded repeats',
    text: 'input ~> /((a{1,50}){1,50}){1,50}$/',
    input: { input: `${LONG}!` },
  },
  {
    name: 'looking ahead to the end from every place',
    text: 'input ~> /(?=a*b)a/',
    input: { input: LONG },
  },
  {
    name: 'a run that is always a little too short',
    text: 'input ~> /a{20000,}/',
    input: { input: `${'a'.repeat(19_999)}b`.repeat(5) },
  },
  {
    name: 'looking back at texts that double',
    text: 'input ~> /(a)(\\1\\1)(\\2\\2)(\\3\\3)(\\4\\4)(\\5\\5)(\\6\\6)(\\7\\7)(\\8\\8)(\\9\\9)!/',
    input: { input: LONG },
  },
  {
    name: 'a short match that reads all of a long text, again and again',
    text: '($t := input; $map([1..200000], function(){$match($t, /^.*b/)}))',
    input: { input: `b${LONG}` },
  },
  {
    name: 'a pattern of a date that backtracks',
    text: '$toMillis(input, "[MN][FN][PN][MN][FN][PN][MN][FN]1")',
    input: { input: LONG },
  },
  { name: 'padding without end', text: '$pad("x", 2000000000)' },
  { name: 'padding to the left', text: '$pad("x", -900000000, "abc")' },
  {
    name: 'text doubled again and again',
    text: '($d := function($s, $n){$n = 0 ? $s : $d($s & $s, $n - 1)}; $d("0123456789", 60))',
  },
  {
    name: 'replacement that doubles',
    text: '($d := function($s, $n){$n = 0 ? $s : $d($replace($s, "a", "aa"), $n - 1)}; $d("a", 60))',
  },
  {
    name: 'replacement by groups that grows',
    text: '($d := function($s, $n){$n = 0 ? $s : $d($replace($s, /(.+)/, "$1$1"), $n - 1)}; $d("a", 60))',
  },
  {
    name: 'base 64 of base 64',
    text: '($d := function($s, $n){$n = 0 ? $s : $d($base64encode($s & $s), $n - 1)}; $d("a", 80))',
  },
  {
    name: 'URL encoding again and again',
    text: '($d := function($s, $n){$n = 0 ? $s : $d($encodeUrlComponent($s & "%" & $s), $n - 1)}; $d("é", 80))',
  },
  {
    name: 'joining without end',
    text: '$join($map([1..900000], function(){"0123456789012345678901234567890123456789"}), "--------------------------------")',
  },
  {
    name: 'a range as large as allowed, again and again',
    text: '$map([1..1000], function(){[1..1000000]})',
  },
  { name: 'a range beyond every bound', text: '[0..9007199254740991]' },
  {
    name: 'sequences appended without end',
    text: '($d := function($s, $n){$n = 0 ? $s : $d($append($s, $s), $n - 1)}; $d([1..1000], 60))',
  },
  {
    name: 'closures kept without end',
    text: '($f := function($n, $all){$f($n + 1, $append($all, function(){$n}))}; $f(1, []))',
  },
  {
    name: 'objects kept without end',
    text: '$map([1..1000000], function($i){{"a": $i, "b": [$i], "c": {"d": $i}}})',
  },
  {
    name: 'one value in many places of the result',
    text: '($d := function($o, $n){$n = 0 ? $o : $d({"l": $o, "r": $o}, $n - 1)}; $d({"x": 1}, 60))',
  },
  {
    name: 'one value in many places of a text',
    text: '($d := function($o, $n){$n = 0 ? $o : $d({"l": $o, "r": $o}, $n - 1)}; $string($d({"x": 1}, 60)))',
  },
  {
    name: 'an object that holds itself',
    text: '($ ~> |a|{"self": $}|) ~> $string',
    input: { a: {} },
  },
  {
    name: 'an object that holds itself, as a result',
    text: '$ ~> |a|{"self": $}|',
    input: { a: {} },
  },
  {
    name: 'parentheses deep within one another',
    text: `${'('.repeat(20_000)}1${')'.repeat(20_000)}`,
  },
  { name: 'arrays deep within one another', text: '['.repeat(20_000) + ']'.repeat(20_000) },
  { name: 'a long chain of operators', text: `1${'+1'.repeat(20_000)}` },
  { name: 'input deep within itself', text: '**', input: deep(100_000) },
  {
    name: 'sorting with a comparator that never agrees',
    text: '$sort([1..100000], function($a, $b){$random() > 0.5})',
  },
  {
    name: 'distinct objects, all compared',
    text: '$distinct($map([1..20000], function($i){{"a": {"b": {"c": $i}}}}))',
  },
  {
    name: 'a number with a thousand million digits',
    text: '$formatInteger(1, input)',
    input: { input: `${'0'.repeat(100_000)}` },
  },
  { name: 'a year wider than memory', text: '$fromMillis(0, "[Y,1000000000-1000000000]")' },
  { name: 'a Roman numeral of a huge number', text: '$formatInteger(1e15, "I")' },
  { name: 'prototype written by a constructor', text: '{"__proto__": {"polluted": true}}' },
  {
    name: 'prototype written by a group',
    text: 'items{key: {"polluted": true}}',
    input: { items: [{ key: '__proto__' }] },
  },
  {
    name: 'prototype written by merge',
    text: '$merge([input, {"a": 1}])',
    input: { input: JSON.parse('{"__proto__": {"polluted": true}}') },
  },
  {
    name: 'prototype written by a transform',
    text: '$ ~> |constructor.prototype|{"polluted": true}|',
    input: {},
  },
  { name: 'prototype reached by a path', text: '__proto__.polluted', input: {} },
  {
    name: 'the constructor of a function',
    text: '$lookup($sum, "constructor")("return process")()',
  },
  {
    name: 'the constructor of the input',
    text: 'constructor.constructor("return process")()',
    input: {},
  },
  { name: 'the prototype of a match', text: '$match("a", /a/).constructor' },
  { name: 'code from data', text: '$eval(input)', input: { input: '$eval' } },
  {
    name: 'code from data by another name',
    text: '($e := $eval; $e(input))',
    input: { input: '1' },
  },
  { name: 'code from data by a chain', text: 'input ~> $eval', input: { input: '1' } },
];

function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}
