/** The caller's `args` that a job's queries refer to. */
import type { Fault } from '../../kernel/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../kernel/json.ts';
import { lookUp, PLACEHOLDER, PlaceholderError } from './placeholder.ts';
import type { SyncJobSpec } from './sync-job.ts';

/** One fault for each `{{args.…}}` without a value. */
export function argFaults(spec: SyncJobSpec, args: JsonObject): readonly Fault[] {
  const wanted = new Set(spec.resources.flatMap(({ query }) => argPlaceholders(query)));
  const bindings = { previousRunDate: '', args, records: new Map<string, JsonObject>() };
  return [...wanted].flatMap((text) => {
    try {
      lookUp(text, bindings, []);
      return [];
    } catch (error) {
      if (!(error instanceof PlaceholderError)) throw error;
      return [{ path: text, message: 'is required by the job' }];
    }
  });
}

function argPlaceholders(value: Json): readonly string[] {
  if (typeof value === 'string') {
    const inner = [...value.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
    return inner.filter((text) => text.startsWith('args.'));
  }
  if (Array.isArray(value)) return value.flatMap(argPlaceholders);
  return isJsonObject(value) ? Object.values(value).flatMap(argPlaceholders) : [];
}
