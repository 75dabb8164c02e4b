/** What signs the whole request of an alternative, compiled. */
import type { CompileContext, SourcePath } from '../template/context.ts';
import type { OAuthSource } from './compile-oauth.ts';
import type { Signer } from './plan.ts';
import type { AuthSource } from './source.ts';

export const CREDENTIAL_ROOTS = ['cred', 'conn'] as const;

/** An alternative whose credential is what the account brought. */
export type SimpleSource = Exclude<AuthSource, OAuthSource | { readonly kind: 'token_exchange' }>;

export function compileSigner(
  source: SimpleSource,
  path: SourcePath,
  context: CompileContext,
): Signer | undefined {
  const template = (text: string, slot: string) =>
    context.template(text, [...path, slot], CREDENTIAL_ROOTS);
  const optional = (text: string | undefined, slot: string) =>
    text === undefined ? undefined : template(text, slot);
  switch (source.kind) {
    case 'oauth1':
      return {
        kind: 'oauth1',
        consumerKey: template(source.consumer_key, 'consumer_key'),
        consumerSecret: template(source.consumer_secret, 'consumer_secret'),
        token: optional(source.token, 'token'),
        tokenSecret: optional(source.token_secret, 'token_secret'),
        method: source.signature_method,
        realm: optional(source.realm, 'realm'),
      };
    case 'sigv4':
      return {
        kind: 'sigv4',
        service: template(source.service, 'service'),
        region: template(source.region, 'region'),
        accessKeyId: template(source.access_key_id, 'access_key_id'),
        secretAccessKey: template(source.secret_access_key, 'secret_access_key'),
        sessionToken: optional(source.session_token, 'session_token'),
      };
    case 'wsse':
      return {
        kind: 'wsse',
        username: template(source.username, 'username'),
        secret: template(source.secret, 'secret'),
        digest: source.digest,
      };
    default:
      return undefined;
  }
}
