/** Regular expressions, as values and as the right side of `~>`. */
import type { AstNode, CallNode, RegexNode } from '../ast.ts';
import type { Evaluate } from '../frame.ts';
import { isFunctionValue, nativeFunction } from '../function-value.ts';
import { regexMatch } from '../functions/matches.ts';
import { createMatcher } from '../regex/matcher.ts';
import type { Scope } from '../scope.ts';
import { type Code, type CompileContext, plain, type Test } from './context.ts';
import type { ApplyBuiltin } from './quick-calls.ts';

/** A regular expression takes a text and where to start in it. */
const ARITY = 2;

export function compileRegex(node: RegexNode): Code {
  const matcher = createMatcher(node.value, node.position);
  return plain((_input, frame) => {
    const value = nativeFunction(ARITY, ([given, from]) => {
      const text = searchedText(given);
      return regexMatch(matcher, text, typeof from === 'number' ? from : 0, frame.run.meter)?.value;
    });
    return Object.assign(value, { matcher });
  });
}

/** `text ~> /pattern/` where only the truth counts: no match has to be built. */
export function compileRegexTest(
  node: AstNode,
  scope: Scope,
  context: CompileContext,
): Test | undefined {
  if (node.type !== 'apply' || node.rhs.type !== 'regex') return undefined;
  if (node.rhs.predicate || node.rhs.group) return undefined;
  const matcher = createMatcher(node.rhs.value, node.rhs.position);
  const left: Evaluate = context.compile(node.lhs, scope);
  return (input, frame) => {
    const value = left(input, frame);
    if (typeof value === 'string') return matcher.test(value, frame.run.meter);
    // Chained to a function it is a function, and no function is true.
    if (isFunctionValue(value)) return false;
    return matcher.test(searchedText(value), frame.run.meter);
  };
}

/** `$contains(text, /pattern/)`: no match has to be built, nor a function to find it. */
export function compileRegexContained(
  node: CallNode,
  general: ApplyBuiltin,
  scope: Scope,
  context: CompileContext,
): Code | undefined {
  const [subject, token, ...more] = node.arguments;
  if (!subject || token?.type !== 'regex' || more.length > 0) return undefined;
  if (token.predicate || token.group) return undefined;
  const matcher = createMatcher(token.value, token.position);
  const text: Evaluate = context.compile(subject, scope);
  const pattern: Evaluate = context.compile(token, scope);
  return plain((input, frame) => {
    const value = text(input, frame);
    if (typeof value !== 'string') return general([value, pattern(input, frame)], input, frame);
    frame.run.meter.read(value.length);
    return matcher.test(value, frame.run.meter);
  });
}

/** The reference hands whatever it is given to RegExp.exec, which makes text of it. */
function searchedText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    return value.map((item) => (item === null ? '' : searchedText(item))).join(',');
  }
  return typeof value === 'object' && value !== null ? '[object Object]' : String(value);
}
