/** Where a credential goes, compiled: of an alternative, or of one method instead. */

import type { CompileContext, SourcePath } from '../template/context.ts';
import { compileTemplates } from '../template/values.ts';
import type { ApplySource } from './apply-source.ts';
import type { Apply } from './plan.ts';

const CREDENTIAL_ROOTS = ['cred', 'conn'] as const;

export const NOWHERE: Apply = { headers: {}, query: {}, body: {}, cookies: {} };

/** RFC 6750 §2.1. */
export const BEARER: ApplySource = {
  headers: { authorization: 'Bearer {{cred.access_token}}' },
  query: {},
  body: {},
  cookies: {},
};

export function compileApply(
  source: ApplySource,
  path: SourcePath,
  context: CompileContext,
): Apply {
  const compile = (slot: keyof Apply, texts: Readonly<Record<string, string>>) =>
    compileTemplates(texts, [...path, slot], CREDENTIAL_ROOTS, context);
  return {
    headers: compile('headers', lowerNames(source.headers)),
    query: compile('query', source.query),
    body: compile('body', source.body),
    cookies: compile('cookies', source.cookies),
  };
}

/** The same header in two spellings would be two headers. */
export function lowerNames(
  texts: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name.toLowerCase(), text]),
  );
}
