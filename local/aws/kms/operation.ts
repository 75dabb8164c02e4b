import type * as z from 'zod';
import { AwsError } from '../aws-message.ts';

/** One operation: the parsed JSON body in, the JSON answer out. */
export type Operation = (body: unknown) => object;

/** @throws AwsError ValidationException where the body is not what `schema` says */
export function operation<Schema extends z.ZodType>(
  schema: Schema,
  run: (input: z.output<Schema>) => object,
): Operation {
  return (body) => {
    const parsed = schema.safeParse(body);
    if (parsed.success) return run(parsed.data);
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new AwsError('ValidationException', `The request is not valid: ${faults.join('; ')}`);
  };
}
