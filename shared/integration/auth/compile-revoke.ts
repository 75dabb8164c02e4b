/** The call that revokes a grant at the provider, compiled. */
import type { CompileContext, SourcePath } from '../template/context.ts';
import { compileTemplates, compileValue } from '../template/values.ts';
import { lowerNames } from './compile-apply.ts';
import { compileBasic } from './compile-steps.ts';
import { noteLookups, withRoots } from './lookups.ts';
import type { Revoke } from './plan.ts';
import type { AuthSource } from './source.ts';

const REVOKE_ROOTS = ['conn', 'cred', 'app'] as const;

export function compileRevoke(
  source: AuthSource['revoke'],
  path: SourcePath,
  bare: CompileContext,
): Revoke | undefined {
  if (!source) return undefined;
  const noted = noteLookups(bare);
  const context = withRoots(noted.context, REVOKE_ROOTS);
  const revoke = {
    url: context.template(source.url, [...path, 'url'], REVOKE_ROOTS),
    method: source.method,
    headers: compileTemplates(
      lowerNames(source.headers),
      [...path, 'headers'],
      REVOKE_ROOTS,
      context,
    ),
    basic: compileBasic(source.basic, [...path, 'basic'], REVOKE_ROOTS, context),
    body:
      source.body === undefined ? undefined : compileValue(source.body, [...path, 'body'], context),
    bodyFormat: source.body_format,
    authenticated: source.authenticated,
  };
  const { usesClient, inputs } = noted.lookups;
  return { ...revoke, usesClient, inputs: [...inputs] };
}
