/** A function's settings from its environment variables, checked once at cold start. */
import type * as z from 'zod';
import { InvariantError } from './errors.ts';

/** @throws InvariantError naming every variable that is missing or malformed, never its value */
export function loadEnv<Schema extends z.ZodType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new InvariantError(`environment variables are missing or malformed: ${names}`);
}
