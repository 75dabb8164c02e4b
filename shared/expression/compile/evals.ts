/**
 * `$eval(text)`. Only a text that stands in the expression itself can be evaluated: it is compiled
 * with it, as if it stood there in parentheses. Text that is computed, and so might come from data,
 * is refused: data never becomes code.
 *
 * Errors  U0002 text that is computed; D3120 text that cannot be parsed; when evaluating D3121
 */
import type { CallNode } from '../ast.ts';
import { ExpressionEvaluationError, ExpressionSyntaxError } from '../errors.ts';
import { emptySlots, Frame } from '../frame.ts';
import { parseExpression } from '../parse.ts';
import { boundNames, Scope } from '../scope.ts';
import { Sequence, sequenceOf } from '../sequence.ts';
import { type Code, type CompileContext, sequenced } from './context.ts';

const NAME = 'eval';

/** Whether `$eval` is meant, and not a variable of that name. */
export function isEval(name: string, scope: Scope, context: CompileContext): boolean {
  return name === NAME && !context.isBound(name, scope);
}

/** @throws ExpressionSyntaxError U0002 */
export function refuseEval(position: number | undefined): never {
  const message = 'only text written in the expression itself can be evaluated';
  throw new ExpressionSyntaxError(message, 'U0002', position ?? 0);
}

/** @throws ExpressionSyntaxError U0002, D3120 */
export function compileEval(node: CallNode, scope: Scope, context: CompileContext): Code {
  const [text, focus, ...others] = node.arguments;
  if (text?.type !== 'string' || typeof text.value !== 'string' || others.length > 0) {
    return refuseEval(node.position);
  }
  const tree = parsed(text.value, node.position);
  const inner = new Scope(scope, boundNames([tree]));
  const body = context.compile(tree, inner);
  const given = focus && context.compile(focus, scope);
  return sequenced((input, frame) => {
    const found = given?.(input, frame);
    const item = found === undefined ? input : asWhole(found);
    try {
      return body(item, new Frame(frame.run, frame, emptySlots(inner.size)));
    } catch (error) {
      if (error instanceof ExpressionEvaluationError) {
        throw new ExpressionEvaluationError('D3121', node.position);
      }
      throw error;
    }
  });
}

function parsed(text: string, position: number | undefined) {
  try {
    return parseExpression(text);
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    throw new ExpressionSyntaxError(
      'the text to evaluate cannot be parsed',
      'D3120',
      position ?? 0,
    );
  }
}

/** An array is one item here, as the input of an expression is. */
function asWhole(value: unknown): unknown {
  if (!Array.isArray(value) || value instanceof Sequence) return value;
  const whole = sequenceOf(value);
  whole.outerWrapper = true;
  return whole;
}
