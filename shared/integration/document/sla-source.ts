/** What the provider promises, for those who must answer for it. */
import * as z from 'zod';

export const slaSource = z.strictObject({
  uptime: z.string().optional(),
  rate_limit_model: z.string().optional(),
  limited_shape: z.string().optional(),
  webhook_guarantee: z.string().optional(),
  notice_period: z.string().optional(),
  support_time: z.string().optional(),
  sources: z.array(z.url()).default([]),
  /** The day on which the facts were read at the sources. */
  checked: z.iso.date().optional(),
});
