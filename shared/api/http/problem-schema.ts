/** The error shape. */
import * as z from 'zod';

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('Stable; switch on this.'),
    detail: z.string(),
    origin: z.enum(['caller', 'platform', 'provider', 'tenant_key', 'network']),
    retryable: z.boolean(),
    request_id: z.string(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string(), line: z.int().optional() }))
      .optional()
      .describe('Every fault of the input.'),
    provider: z
      .object({
        status: z.int(),
        code: z.string().optional(),
        message: z.string().optional(),
        request_id: z.string().optional(),
      })
      .optional()
      .describe('What the provider said.'),
    ids: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .optional()
      .describe('What the error is about.'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.output<typeof problem>;
