/** The way out: one guarded HTTP client per function. */
import * as z from 'zod';

/** What decides where we may send. `ALLOW_LOOPBACK_TARGETS` is for the local runtime alone. */
export const egressSettings = {
  ALLOW_LOOPBACK_TARGETS: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
} as const;

export const milliseconds = z.coerce.number().int().positive();
