/**
 * Which events a subscription wants: `sync_job_run:record`, `sync_job_run:*` or `*`.
 */
import * as z from 'zod';

export const eventPattern = z
  .string()
  .max(100)
  .regex(/^(\*|[a-z][a-z_]*(:(\*|[a-z][a-z_]*))?)$/, 'must look like subject:verb, subject:* or *');

export function matchesPattern(pattern: string, eventType: string): boolean {
  if (pattern === '*' || pattern === eventType) return true;
  return pattern.endsWith(':*') && eventType.startsWith(pattern.slice(0, -1));
}

export function matchesAny(patterns: readonly string[], eventType: string): boolean {
  return patterns.some((pattern) => matchesPattern(pattern, eventType));
}
