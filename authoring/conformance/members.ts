/** Members of a JSON value by their path, looked up and changed in a copy. */
import { isJsonObject, type Json } from '#shared/kernel/json.ts';

export function memberAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (held, name) => (isJsonObject(held) && Object.hasOwn(held, name) ? held[name] : undefined),
    value,
  );
}

/** A copy with one member set. The way to it is made where it is missing. */
export function withMember(value: Json | undefined, path: readonly string[], member: Json): Json {
  const [name, ...rest] = path;
  if (name === undefined) return member;
  const object = isJsonObject(value) ? value : {};
  return { ...object, [name]: withMember(object[name], rest, member) };
}

/** A copy without one member. */
export function withoutMember(value: Json, path: readonly string[]): Json {
  const [name, ...rest] = path;
  if (name === undefined || !isJsonObject(value) || !Object.hasOwn(value, name)) return value;
  const { [name]: member, ...others } = value;
  if (rest.length === 0 || member === undefined) return others;
  return { ...value, [name]: withoutMember(member, rest) };
}
