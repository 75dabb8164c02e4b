/** Instants and lengths of time as providers write them; each with its unit and an example. */
import * as z from 'zod';
import { headerNameSource } from '../template/values-source.ts';

export const timeUnit = z.enum([
  'seconds',
  'minutes',
  'millis',
  'epoch_s',
  'epoch_ms',
  'http_date',
  'iso8601',
  'go_duration',
  'per_second',
]);

export const timedHeader = {
  header: headerNameSource,
  unit: timeUnit,
  example: z.string().min(1),
};
