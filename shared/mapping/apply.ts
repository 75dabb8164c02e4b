/**
 * Applies a mapping: a provider's record in, a unified record or the reason why not out.
 *
 * Each field's expression sees `{ response }`, with `$params` bound to the parameters of the call and
 * `$conn` to the account's connection. A field that the mapping leaves out is as absent as one whose
 * expression yields nothing.
 *
 * Errors  none: a record that does not fit is a result, so that its page goes on
 */
import { recordAllowance } from '../expression/budget.ts';
import type { Expression } from '../expression/expression.ts';
import type { ModelResource } from '../integration/mapping/model.ts';
import type { Mapping } from '../integration/mapping/plan.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { evaluate, FailedExpression } from './evaluate.ts';
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
  /** The account's connection inputs. */
  readonly conn: Readonly<Record<string, string>>;
  /** Adds the provider's record as `remote_data`. */
  readonly remoteData?: boolean;
}

export type ApplyMapping = (response: JsonObject, options: MapOptions) => Mapped;

export function createApplyMapping(mapping: Mapping, model: ModelResource): ApplyMapping {
  const attempt = createMapAttempt(mapping, model);
  return (response, options) => {
    const { record, failures, misfits } = attempt(response, options);
    if (failures.length > 0) return rejected('mapping_failed', failures);
    if (misfits.length > 0) return rejected('model_mismatch', misfits);
    return { kind: 'mapped', record };
  };
}

/** What came of a record, fit or not. */
export interface MapAttempt {
  /** Null where a field failed. */
  readonly record: JsonObject;
  /** Fields whose expression failed. */
  readonly failures: readonly Misfit[];
  /** Fields that do not fit the model. */
  readonly misfits: readonly Misfit[];
}

interface OutputField {
  readonly name: string;
  readonly expression: Expression | undefined;
  readonly shape: ShapeValue;
}

export function createMapAttempt(
  mapping: Mapping,
  model: ModelResource,
): (response: JsonObject, options: MapOptions) => MapAttempt {
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
  return (response, { params, conn, remoteData }) => {
    const input = { response };
    const bindings = { params, conn };
    const allowance = recordAllowance();
    const record: Record<string, Json> = {};
    const failures: Misfit[] = [];
    const misfits: Misfit[] = [];
    for (const { name, expression, shape } of fields) {
      const value = evaluate(expression, input, bindings, allowance);
      if (value instanceof FailedExpression) {
        failures.push({ path: name, reason: value.reason });
        record[name] = null;
      } else record[name] = shape(value, name, misfits);
    }
    if (remoteData) record['remote_data'] = response;
    return { record, failures, misfits };
  };
}

/** What the model does not require may be null. Lists stay lists: an absent one is empty. */
function orNull(type: ModelResource['properties'][string]['type']) {
  const types = typeof type === 'string' ? [type] : type;
  return types.includes('array') || types.includes('null') ? types : [...types, 'null' as const];
}

function rejected(code: 'mapping_failed' | 'model_mismatch', misfits: readonly Misfit[]): Mapped {
  const separator = code === 'mapping_failed' ? ': ' : ' ';
  // Enough to see the pattern; a list of a thousand bad items would say no more.
  const reasons = misfits.slice(0, 5).map(({ path, reason }) => `${path}${separator}${reason}`);
  return { kind: 'rejected', code, message: reasons.join('; ') };
}
