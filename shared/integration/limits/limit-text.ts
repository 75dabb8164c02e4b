/**
 * Texts in answers that tell of limits: the value itself, a named group of it, or what an
 * expression takes from it where it is JSON. What cannot be read is not there.
 */
import { ExpressionBudgetError, ExpressionEvaluationError } from '../../expression/errors.ts';
import type { Expression } from '../../expression/expression.ts';
import type { LimitAnswer } from '../../http/limit-answer.ts';
import { isJsonObject } from '../../kernel/json.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';

/** The part of a value that counts. */
export type ReadText = (value: string) => string | undefined;

interface TextSource {
  readonly pattern?: string | undefined;
  readonly json?: string | undefined;
}

/** @param group the name that the pattern must give to what counts */
export function readerOf(
  source: TextSource,
  group: string,
  path: SourcePath,
  context: CompileContext,
): ReadText {
  const json = context.optionalExpression(source.json, [...path, 'json']);
  const inner: ReadText = json ? (value) => textOf(json, jsonOf(value)) : (value) => value;
  if (source.pattern === undefined) return inner;
  const pattern = context.pattern(source.pattern, [...path, 'pattern']);
  if (!pattern.groupNames.includes(group)) {
    context.fault([...path, 'pattern'], `the pattern needs a group named ${group}`);
    return inner;
  }
  return (value) => {
    const text = inner(value);
    return text === undefined ? undefined : pattern.groups(text)?.[group];
  };
}

/** Undefined where `text` is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    return undefined;
  }
}

export function textOf(expression: Expression, input: unknown): string | undefined {
  return asText(found(expression, input));
}

export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

/** The members of the object that the expression makes; none where it makes no object. */
export function membersOf(
  expression: Expression,
  input: unknown,
): Readonly<Record<string, unknown>> {
  const value = found(expression, input);
  return isJsonObject(value) ? value : {};
}

/** A condition that cannot be evaluated on this answer does not hold: bodies vary. */
export function holdsOn(expression: Expression): (answer: LimitAnswer) => boolean {
  return (answer) => found(expression, answer) === true;
}

function found(expression: Expression, input: unknown): unknown {
  try {
    return expression.evaluate(input);
  } catch (error) {
    if (error instanceof ExpressionEvaluationError || error instanceof ExpressionBudgetError) {
      return undefined;
    }
    throw error;
  }
}
