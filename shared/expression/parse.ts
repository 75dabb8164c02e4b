/**
 * From text to tree, by the reference's own parser, so that what we accept is what it accepts.
 *
 * Errors  {@link ExpressionSyntaxError} S… codes of the reference, and U0001 for a text longer than
 *         we take or nested deeper than the parser can hold
 */
import jsonata from 'jsonata';
import type { AstNode } from './ast.ts';
import { ExpressionSyntaxError } from './errors.ts';

/** Characters; the longest mapping we know has 4,000. */
const LONGEST_TEXT = 64 * 1024;
const TOO_LARGE = 'U0001';

/** @throws ExpressionSyntaxError */
export function parseExpression(text: string): AstNode {
  if (text.length > LONGEST_TEXT) throw tooLarge();
  try {
    const tree = jsonata(text).ast();
    repairClones(tree);
    return treeOf(tree);
  } catch (error) {
    // Only a text nested without end overflows the parser's stack.
    if (error instanceof RangeError) throw tooLarge();
    throw syntaxError(error);
  }
}

function tooLarge(): ExpressionSyntaxError {
  return new ExpressionSyntaxError('the expression is too long or too deep', TOO_LARGE, 0);
}

function syntaxError(error: unknown): ExpressionSyntaxError {
  const code = memberOf(error, 'code');
  const position = memberOf(error, 'position');
  return new ExpressionSyntaxError(
    'the expression cannot be parsed',
    // An invalid regular expression is thrown by JavaScript itself, without a code.
    typeof code === 'string' ? code : 'S0303',
    typeof position === 'number' ? position : 0,
  );
}

function memberOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null && name in error
    ? Reflect.get(error, name)
    : undefined;
}

/**
 * The parser clones the left side of `?:` and `??` by way of JSON, which makes `{}` of a regular
 * expression. Puts back what the clone has lost.
 */
function repairClones(part: unknown): void {
  if (typeof part !== 'object' || part === null || part instanceof RegExp) return;
  if (memberOf(part, 'type') === 'condition') {
    const condition = memberOf(part, 'condition');
    const original = memberOf(part, 'then');
    graft(condition, original);
    graft(Reflect.get(Object(memberOf(condition, 'arguments')), 0), original);
  }
  for (const member of Object.values(part)) repairClones(member);
}

function graft(clone: unknown, original: unknown): void {
  if (typeof clone !== 'object' || clone === null) return;
  // A call in tail position was wrapped after it was cloned.
  const isWrapped = memberOf(original, 'thunk') === true && memberOf(clone, 'thunk') !== true;
  const sound = isWrapped ? memberOf(original, 'body') : original;
  for (const [key, member] of Object.entries(clone)) {
    const counterpart = memberOf(sound, key);
    const isLost =
      key === 'value' && memberOf(clone, 'type') === 'regex' && !(member instanceof RegExp);
    if (isLost && counterpart instanceof RegExp) Reflect.set(clone, key, counterpart);
    else graft(member, counterpart);
  }
}

/** The package types its tree loosely; ast.ts says what it is, and the official suite that it is. */
function treeOf(tree: unknown): AstNode {
  return tree as AstNode;
}
