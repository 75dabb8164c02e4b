/** Where a credential goes in a request. */
import * as z from 'zod';
import { textSource } from '../template/values-source.ts';

export const applySource = z.strictObject({
  headers: z.record(z.string(), textSource).default({}),
  query: z.record(z.string(), textSource).default({}),
  /** Members of a JSON or form body; a path of members with dots. */
  body: z.record(z.string(), textSource).default({}),
  /** Cookies, joined with those of the request. */
  cookies: z.record(z.string(), textSource).default({}),
});
export type ApplySource = z.output<typeof applySource>;
