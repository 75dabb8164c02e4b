/**
 * Which fields an alternative asks an account for: those that its templates look up and that it
 * does not make itself, and those that `fields` declares.
 */
import type { Fault } from '../../kernel/errors.ts';
import { mapRecord } from '../../kernel/map-record.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';
import type { Pattern } from '../template/pattern.ts';
import type { Auth, CredentialField } from './plan.ts';
import type { AuthSource } from './source.ts';

/** Where an alternative gets its fields from. */
export interface FieldUse {
  /** Looked up before there is a credential: an import must bring them. */
  readonly asked: Iterable<string>;
  /** Looked up by calls. */
  readonly applied: Iterable<string>;
  /** Made by the engine, from an answer. */
  readonly made: readonly string[];
  /** Known without being looked up, and never needed. */
  readonly offered: readonly string[];
}

type FieldSources = AuthSource['fields'];
type Fields = Pick<Auth, 'credentialFields' | 'fieldPatterns' | 'knownFields'>;

/** Names that say whose OAuth client it is: see oauth/renewal-plan.ts. */
const CLIENT_FIELDS = ['client_id', 'client_secret'] as const;

export function compileFields(
  sources: FieldSources,
  use: FieldUse,
  path: SourcePath,
  context: CompileContext,
): Fields {
  const fieldPatterns = compilePatterns(sources, path, context);
  for (const name of use.made) {
    if (!CLIENT_FIELDS.some((field) => field === name)) continue;
    context.fault([...path, 'credential', name], 'is the OAuth client, and cannot be made');
  }
  const needed = new Set([...use.asked, ...[...use.applied].filter((name) => !isMade(name, use))]);
  const names = new Set([...use.offered, ...needed, ...Object.keys(sources)]);
  const credentialFields = [...names].map((name): CredentialField => {
    const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
    const required = !use.offered.includes(name) && source?.optional !== true;
    return { name, required, ...described(source) };
  });
  return { credentialFields, fieldPatterns, knownFields: [...new Set([...names, ...use.made])] };
}

function isMade(name: string, { made }: FieldUse): boolean {
  return made.includes(name);
}

function described(source: FieldSources[string] | undefined): Partial<CredentialField> {
  return {
    ...(source?.title !== undefined && { title: source.title }),
    ...(source?.pattern !== undefined && { pattern: source.pattern }),
    ...(source?.example !== undefined && { example: source.example }),
  };
}

function compilePatterns(
  sources: FieldSources,
  path: SourcePath,
  context: CompileContext,
): Readonly<Record<string, Pattern>> {
  const withPattern = Object.entries(sources).flatMap(([name, { pattern, example }]) =>
    pattern === undefined ? [] : [[name, { pattern, example }] as const],
  );
  return mapRecord(Object.fromEntries(withPattern), ({ pattern, example }, name) => {
    const at = [...path, 'fields', name];
    const faultsBefore = context.faults.length;
    const compiled = context.pattern(pattern, [...at, 'pattern']);
    if (
      example !== undefined &&
      context.faults.length === faultsBefore &&
      !compiled.matches(example)
    ) {
      context.fault([...at, 'example'], 'does not match the pattern');
    }
    return compiled;
  });
}

/** Faults of an imported credential, by field and never by value. */
export function validateCredential(
  auths: Readonly<Record<string, Auth>>,
  name: string,
  fields: Readonly<Record<string, unknown>>,
): readonly Fault[] {
  const auth = Object.hasOwn(auths, name) ? auths[name] : undefined;
  if (!auth) return [{ path: 'auth', message: 'the integration has no such alternative' }];
  const faults = Object.entries(fields).flatMap(([field, value]) => {
    const message = faultOf(auth, field, value);
    return message === undefined ? [] : [{ path: `credentials.${field}`, message }];
  });
  for (const field of auth.credentialFields) {
    if (field.required && !(field.name in fields)) {
      faults.push({ path: `credentials.${field.name}`, message: 'is needed' });
    }
  }
  return [...faults, ...tokenFaults(auth, fields)];
}

function faultOf(auth: Auth, field: string, value: unknown): string | undefined {
  if (!auth.credentialFields.some((known) => known.name === field)) {
    return 'the integration has no such field';
  }
  if (!isGiven(value)) return 'must be a text';
  const pattern = Object.hasOwn(auth.fieldPatterns, field) ? auth.fieldPatterns[field] : undefined;
  return pattern?.matches(value) === false ? 'does not match the pattern of the field' : undefined;
}

/** An access token without what is made together with it would be used as it is, and fail. */
function tokenFaults(auth: Auth, fields: Readonly<Record<string, unknown>>): readonly Fault[] {
  if (!auth.oauth) return [];
  const hasAccess = isGiven(fields['access_token']);
  if (auth.oauth.grant === 'refresh_token' && !hasAccess && !isGiven(fields['refresh_token'])) {
    return [{ path: 'credentials', message: 'needs access_token or refresh_token' }];
  }
  if (!hasAccess) return [];
  return Object.keys(auth.oauth.credential)
    .filter((name) => !isGiven(fields[name]))
    .map((name) => ({ path: `credentials.${name}`, message: 'is needed beside access_token' }));
}

function isGiven(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
