/** A credential that ends without anybody knowing when costs its last call every time. */
import type { AuthSource } from '#shared/integration/auth/source.ts';
import type { Finding, LintRule } from '../rule.ts';

export const expiryUnknown: LintRule = {
  code: 'expiry-unknown',
  check: ({ file, source }) =>
    Object.entries(source.auth).flatMap(([name, auth]): Finding[] =>
      isUnknown(auth)
        ? [
            {
              file,
              at: ['auth', name],
              message:
                'does not say how long a credential lives: `expires`, with unknown: refresh_on_401 where the provider does not tell',
            },
          ]
        : [],
    ),
};

/** OAuth answers say it in `expires_in`, which servers that never refresh leave out. */
function isUnknown(auth: AuthSource): boolean {
  if (auth.kind === 'token_exchange') return auth.expires === undefined;
  return auth.kind === 'oauth2_code' && !auth.refresh && auth.expires === undefined;
}
