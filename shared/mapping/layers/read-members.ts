/** Parts of an override, read one level at a time: a fault in one place then hides none in another. */
import type * as z from 'zod';
import { schemaFaults } from '../../integration/catalogue/schema-faults.ts';
import type { CompileContext, SourcePath } from '../../integration/template/context.ts';
import { isJsonObject } from '../../kernel/json.ts';

export type Members = Readonly<Record<string, unknown>>;

/** The named members, each of them an object, empty where it is absent; all else is a fault. */
export function readMembers(
  names: readonly string[],
  value: unknown,
  at: SourcePath,
  context: CompileContext,
): Readonly<Record<string, Members>> {
  const object = readObject(value, at, context);
  for (const key of Object.keys(object)) {
    if (!names.includes(key)) context.fault([...at, key], 'is no key that is known here');
  }
  return Object.fromEntries(
    names.map((name) => {
      const member = Object.hasOwn(object, name) ? object[name] : {};
      return [name, readObject(member, [...at, name], context)];
    }),
  );
}

function readObject(value: unknown, at: SourcePath, context: CompileContext): Members {
  if (isJsonObject(value)) return value;
  context.fault(at, 'must be an object');
  return {};
}

/** Undefined where it does not fit its schema; its faults are then noted. */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  at: SourcePath,
  context: CompileContext,
): z.output<Schema> | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const fault of schemaFaults(parsed.error)) {
    context.fault([...at, ...fault.at], fault.message);
  }
  return undefined;
}
