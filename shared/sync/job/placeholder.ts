/**
 * Placeholders in a job's query: `{{previous_run_date}}`, `{{args.since}}`,
 * `{{resources.ticketing.tickets.id}}` (a field of the parent record of `ticketing/tickets`) or
 * `{{resources.tickets.id}}` where the resource is the integration's own. Lookups only, never
 * expressions.
 *
 * Errors  {@link PlaceholderError} where there is no value: a parameter that silently vanished
 *         would turn "comments of this ticket" into "all comments"
 */
import { AppError, type ErrorOrigin, type Retry } from '../../kernel/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../kernel/json.ts';

export type Placeholder =
  | { readonly kind: 'previous_run_date' }
  | { readonly kind: 'args'; readonly path: readonly string[] }
  | { readonly kind: 'resources'; readonly resource: string; readonly path: readonly string[] };

/** What placeholders are looked up in. */
export interface Bindings {
  readonly previousRunDate: string;
  readonly args: JsonObject;
  /** The record of each ancestor that is being worked on. */
  readonly records: ReadonlyMap<string, JsonObject>;
}

/** A placeholder has no value in this record or these args. */
export class PlaceholderError extends AppError {
  override readonly name = 'PlaceholderError';
  readonly code = 'placeholder_unresolved';
  readonly status = 422;
  readonly origin: ErrorOrigin = 'caller';
  readonly retry: Retry = 'never';
}

export const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;
const PATH = /^[A-Za-z_][\w-]*(\.[\w-]+)*$/;

/**
 * Reads what stands between the braces, or undefined where it is no placeholder of ours.
 * `resources`: the job's resources; the longest name that fits wins.
 */
export function parsePlaceholder(
  text: string,
  resources: readonly string[],
): Placeholder | undefined {
  if (text === 'previous_run_date') return { kind: 'previous_run_date' };
  if (!PATH.test(text)) return undefined;
  const [head, ...path] = text.split('.');
  if (head === 'args' && path.length > 0) return { kind: 'args', path };
  if (head !== 'resources') return undefined;
  const dotted = path.join('.');
  const resource = resources
    .filter((name) => dotted.startsWith(`${name.replaceAll('/', '.')}.`))
    .sort((a, b) => b.length - a.length)[0];
  if (resource === undefined) return undefined;
  return { kind: 'resources', resource, path: path.slice(resource.split('/').length) };
}

/** @throws PlaceholderError where there is no value, or null */
export function lookUp(text: string, bindings: Bindings, resources: readonly string[]): Json {
  const placeholder = parsePlaceholder(text, resources);
  switch (placeholder?.kind) {
    case 'previous_run_date':
      return bindings.previousRunDate;
    case 'args':
      return valueAt(bindings.args, placeholder.path);
    case 'resources':
      return valueAt(bindings.records.get(placeholder.resource), placeholder.path);
    default:
      throw new PlaceholderError('a placeholder names nothing that is known');
  }
}

function valueAt(root: JsonObject | undefined, path: readonly string[]): Json {
  let value: Json | undefined = root;
  for (const name of path) value = isJsonObject(value) ? ownMember(value, name) : undefined;
  if (value === undefined || value === null) {
    throw new PlaceholderError('a placeholder has no value');
  }
  return value;
}

/** `constructor` and its like are not fields. */
function ownMember(value: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
