/** Expressions made of others: what layers make of the values below them. */
import type { Expression } from '../../expression/expression.ts';
import { isJsonObject } from '../../kernel/json.ts';

/** One list after the other; a lone value counts as a list of one, nothing as an empty one. */
export function joined(below: Expression | undefined, added: Expression): Expression {
  return combined(added.text, (...given) => [
    ...listOf(below?.evaluate(...given)),
    ...listOf(added.evaluate(...given)),
  ]);
}

/** The members of both; where both have one, that of `added`. What is no object is left to fail. */
export function merged(below: Expression | undefined, added: Expression): Expression {
  return combined(added.text, (...given) => {
    const first = below?.evaluate(...given) ?? {};
    const second = added.evaluate(...given) ?? {};
    if (!isJsonObject(first)) return first;
    return isJsonObject(second) ? { ...first, ...second } : second;
  });
}

/** One member of an object. */
export function memberOf(whole: Expression | undefined, name: string): Expression | undefined {
  if (!whole) return undefined;
  return combined(whole.text, (...given) => {
    const object = whole.evaluate(...given);
    return isJsonObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
  });
}

/** An object with other members; one that yields nothing, or is undefined, is not there. */
export function withMembers(
  whole: Expression | undefined,
  members: ReadonlyMap<string, Expression | undefined>,
): Expression {
  return combined(whole?.text ?? '{}', (...given) => {
    const object = whole?.evaluate(...given) ?? {};
    if (!isJsonObject(object)) return object;
    const changed: Record<string, unknown> = { ...object };
    for (const [name, member] of members) {
      const value = member?.evaluate(...given);
      if (value === undefined) Reflect.deleteProperty(changed, name);
      else changed[name] = value;
    }
    return changed;
  });
}

function combined(text: string, evaluate: Expression['evaluate']): Expression {
  return { text, evaluate };
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
