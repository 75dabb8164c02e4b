/**
 * A resource's query with its placeholders and expressions filled in for one call.
 *
 * Shape   a string that is one placeholder and nothing else becomes the value, type and all;
 *         inside a longer string the value becomes text; `{ "expr": "…" }` alone is JSONata over
 *         `{ previous_run_date, args, resources }`
 * Errors  PlaceholderError where there is no value; the expression engine's own
 */
import { compileExpression } from '../../expression/expression.ts';
import { isJsonObject, type Json, type JsonObject } from '../../kernel/json.ts';
import { type Bindings, lookUp, PLACEHOLDER, PlaceholderError } from './placeholder.ts';

const WHOLE = /^\{\{\s*([^{}]*?)\s*\}\}$/;

/** @throws PlaceholderError */
export function fillQuery(
  query: JsonObject,
  bindings: Bindings,
  resources: readonly string[],
): JsonObject {
  const fill = (value: Json): Json => {
    if (typeof value === 'string') return fillText(value, bindings, resources);
    if (Array.isArray(value)) return value.map(fill);
    if (!isJsonObject(value)) return value;
    const expression = expressionText(value);
    return expression === undefined ? fillMembers(value, fill) : evaluate(expression, bindings);
  };
  return fillMembers(query, fill);
}

/** The text of `{ "expr": "…" }`, or undefined where the object is plain. */
export function expressionText(value: JsonObject): string | undefined {
  const text = value['expr'];
  return typeof text === 'string' && Object.keys(value).length === 1 ? text : undefined;
}

function fillMembers(value: JsonObject, fill: (member: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fill(member)]));
}

function fillText(text: string, bindings: Bindings, resources: readonly string[]): Json {
  const whole = WHOLE.exec(text)?.[1];
  if (whole !== undefined) return lookUp(whole, bindings, resources);
  return text.replaceAll(PLACEHOLDER, (_, inner: string) => {
    const value = lookUp(inner, bindings, resources);
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function evaluate(text: string, bindings: Bindings): Json {
  const result = compileExpression(text).evaluate({
    previous_run_date: bindings.previousRunDate,
    args: bindings.args,
    resources: nestedRecords(bindings.records),
  });
  if (!isJson(result) || result === null) {
    throw new PlaceholderError('an expression of the query has no value');
  }
  return result;
}

/** `ticketing/tickets` as `{ ticketing: { tickets: … } }`, as placeholders spell it. */
function nestedRecords(records: ReadonlyMap<string, JsonObject>): JsonObject {
  const nested: Record<string, JsonObject> = {};
  for (const [resource, record] of records) {
    const [model, name] = resource.split('/');
    if (model === undefined) continue;
    nested[model] = name === undefined ? record : { ...nested[model], [name]: record };
  }
  return nested;
}

function isJson(value: unknown): value is Json {
  if (Array.isArray(value)) return value.every(isJson);
  if (isJsonObject(value)) return Object.values(value).every(isJson);
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
