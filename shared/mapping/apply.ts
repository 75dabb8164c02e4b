/**
 * Applies a mapping: a provider's record in, a unified record or the reason why not out.
 *
 * Each field's expression sees `{ response }`, with `$params` bound to the parameters of the call.
 * A field that the mapping leaves out is as absent as one whose expression yields nothing.
 *
 * Errors  none: a record that does not fit is a result, so that its page goes on
 */
import { ExpressionBudgetError, ExpressionEvaluationError } from '../expression/errors.ts';
import type { Expression } from '../expression/expression.ts';
import type { Mapping } from '../integration/mapping.ts';
import type { ModelResource } from '../integration/model.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { compileShape, type Misfit, type ShapeValue } from './shape.ts';

export type Mapped =
  | { readonly kind: 'mapped'; readonly record: JsonObject }
  | {
      readonly kind: 'rejected';
      readonly code: 'mapping_failed' | 'model_mismatch';
      /** Field and reason; no value of the record. */
      readonly message: string;
    };

export interface MapOptions {
  readonly params: Readonly<Record<string, Json>>;
  /** Adds the provider's record as `remote_data`. */
  readonly remoteData?: boolean;
}

export type ApplyMapping = (response: JsonObject, options: MapOptions) => Mapped;

interface OutputField {
  readonly name: string;
  readonly expression: Expression | undefined;
  readonly shape: ShapeValue;
}

export function createApplyMapping(mapping: Mapping, model: ModelResource): ApplyMapping {
  const fields = Object.entries(model.properties).map(
    ([name, property]): OutputField => ({
      name,
      expression: Object.hasOwn(mapping.fields, name) ? mapping.fields[name] : undefined,
      shape: compileShape(
        model.required.includes(name) || name === 'custom_fields'
          ? property
          : { ...property, type: orNull(property.type) },
      ),
    }),
  );
  return (response, options) => {
    const input = { response };
    const bindings = { params: options.params };
    const record: Record<string, Json> = {};
    const misfits: Misfit[] = [];
    for (const { name, expression, shape } of fields) {
      const outcome = evaluate(expression, input, bindings);
      if (outcome.failed !== undefined) {
        return {
          kind: 'rejected',
          code: 'mapping_failed',
          message: `${name}: the expression failed (${outcome.failed})`,
        };
      }
      record[name] = shape(outcome.value, name, misfits);
    }
    if (misfits.length > 0)
      return { kind: 'rejected', code: 'model_mismatch', message: list(misfits) };
    if (options.remoteData) record['remote_data'] = response;
    return { kind: 'mapped', record };
  };
}

/** What the model does not require may be null. Lists stay lists: an absent one is empty. */
function orNull(type: ModelResource['properties'][string]['type']) {
  const types = typeof type === 'string' ? [type] : type;
  return types.includes('array') || types.includes('null') ? types : [...types, 'null' as const];
}

function evaluate(
  expression: Expression | undefined,
  input: unknown,
  bindings: Readonly<Record<string, unknown>>,
): { readonly value?: unknown; readonly failed?: string } {
  try {
    return { value: expression?.evaluate(input, bindings) };
  } catch (error) {
    if (error instanceof ExpressionEvaluationError) return { failed: error.expressionCode };
    if (error instanceof ExpressionBudgetError) return { failed: error.code };
    throw error;
  }
}

function list(misfits: readonly Misfit[]): string {
  // Enough to see the pattern; a list of a thousand bad items would say no more.
  return misfits
    .slice(0, 5)
    .map(({ path, reason }) => `${path} ${reason}`)
    .join('; ');
}
