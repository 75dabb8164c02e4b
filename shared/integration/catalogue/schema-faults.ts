/** What a schema refuses, as faults: one for each unknown key, and no values. */
import type * as z from 'zod';
import type { LocatedFault, SourcePath } from '../template/context.ts';

export function schemaFaults(error: z.ZodError): readonly LocatedFault[] {
  return error.issues.flatMap((issue): LocatedFault[] => {
    const at = toPath(issue.path);
    if (issue.code !== 'unrecognized_keys') return [{ at, message: lowerFirst(issue.message) }];
    return issue.keys.map((key) => ({ at: [...at, key], message: 'is no key that is known here' }));
  });
}

function toPath(path: readonly PropertyKey[]): SourcePath {
  return path.map((step) => (typeof step === 'symbol' ? String(step) : step));
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
