/** Users are asked to agree to scopes; an authorization without any asks for everything or nothing. */
import type { Finding, LintRule } from '../rule.ts';

export const oauthWithoutScopes: LintRule = {
  code: 'oauth-without-scopes',
  check: ({ file, source }) =>
    Object.entries(source.auth).flatMap(([name, auth]): Finding[] =>
      auth.kind === 'oauth2_code' && (auth.scopes?.default ?? []).length === 0
        ? [{ file, at: ['auth', name], message: 'asks for no scopes' }]
        : [],
    ),
};
