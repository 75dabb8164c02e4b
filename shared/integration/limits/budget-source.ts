/** How fast we call at most, so that the provider need not say no. */
import * as z from 'zod';
import { durationSource } from '../template/values-source.ts';

export const budgetSource = z.strictObject({
  requests: z.int().positive(),
  per: durationSource,
});
export type BudgetSource = z.output<typeof budgetSource>;
