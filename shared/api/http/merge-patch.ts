/**
 * JSON merge-patch: objects merge, `null` removes, everything else replaces.
 *
 * Source  RFC 7396
 */
import { isJsonObject, type Json, type JsonObject } from '../../kernel/json.ts';

export function mergePatch(target: Json, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const merged: Record<string, Json> = Object.assign(
    // No prototype: a member named `__proto__` is a member like any other.
    Object.create(null),
    isJsonObject(target) ? target : {},
  );
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) delete merged[name];
    else merged[name] = mergePatch(merged[name] ?? null, change);
  }
  return merged;
}

/** {@link mergePatch} of a resource, which is always an object. */
export function mergeObject(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = mergePatch(target, patch);
  return isJsonObject(merged) ? merged : {};
}
