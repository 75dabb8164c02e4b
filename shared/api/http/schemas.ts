/** Parts of requests and answers that several routes share. */
import * as z from 'zod';
import { brandId, type Id } from '../../kernel/id.ts';

/** ISO 8601 UTC with milliseconds; made by kernel/clock.ts. */
export const time = z
  .string()
  .meta({ format: 'date-time', examples: ['2026-01-01T00:00:00.000Z'] });

/** `{ id }` of a path. An id of another form is not a fault of the caller's: there is no such thing. */
export function idParam<Kind extends string>() {
  return z.strictObject({
    id: z.string().transform((text): Id<Kind> => brandId<Kind>(text)),
  });
}
