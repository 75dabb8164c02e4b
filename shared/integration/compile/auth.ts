/** The `auth` block, compiled; which fields a credential needs follows from the templates. */
import type { Auth, CredentialField, OAuth } from '../integration.ts';
import type { ApplySource, AuthSource } from '../schema/auth.ts';
import type { CompileContext, SourcePath } from './context.ts';
import { compileTemplates, mapRecord } from './values.ts';

const CREDENTIAL_ROOTS = ['cred', 'conn'] as const;
const CONNECTION_ROOTS = ['conn'] as const;
const BEARER: ApplySource = {
  headers: { authorization: 'Bearer {{cred.access_token}}' },
  query: {},
};

export function compileAuths(
  sources: Readonly<Record<string, AuthSource>>,
  context: CompileContext,
): Readonly<Record<string, Auth>> {
  return mapRecord(sources, (source, name) => compileAuth(name, source, context));
}

function compileAuth(name: string, source: AuthSource, context: CompileContext): Auth {
  const path = ['auth', name];
  const base = { name, kind: source.kind, title: source.title ?? name, basic: undefined };
  const nothing = { headers: {}, query: {}, oauth: undefined };
  switch (source.kind) {
    case 'none':
      return { ...base, ...nothing, credentialFields: [] };
    case 'token': {
      const applied = compileApply(source.apply, [...path, 'apply'], context);
      return { ...base, ...applied, oauth: undefined, credentialFields: fieldsOf(applied) };
    }
    case 'basic': {
      const basic = {
        username: context.template(source.username, [...path, 'username'], CREDENTIAL_ROOTS),
        password: context.template(source.password, [...path, 'password'], CREDENTIAL_ROOTS),
      };
      const credentialFields = required(credentialPaths(Object.values(basic)));
      return { ...base, ...nothing, basic, credentialFields };
    }
    case 'oauth2_code':
    case 'oauth2_cc': {
      const applied = compileApply(source.apply ?? BEARER, [...path, 'apply'], context);
      const oauth = compileOAuth(source, path, context);
      return { ...base, ...applied, oauth, credentialFields: oauthFields(oauth) };
    }
  }
}

type OAuthSource = Extract<AuthSource, { kind: 'oauth2_code' | 'oauth2_cc' }>;

function compileOAuth(source: OAuthSource, path: SourcePath, context: CompileContext): OAuth {
  const code = source.kind === 'oauth2_code' ? source : undefined;
  const template = (text: string, slot: string) =>
    context.template(text, [...path, slot], CONNECTION_ROOTS);
  return {
    grant: code ? 'refresh_token' : 'client_credentials',
    authorizeUrl: code ? template(code.authorize_url, 'authorize_url') : undefined,
    tokenUrl: template(source.token_url, 'token_url'),
    clientAuth: source.client_auth,
    tokenParams: compileTemplates(
      source.token_params,
      [...path, 'token_params'],
      CONNECTION_ROOTS,
      context,
    ),
    tokenHeaders: compileTemplates(
      source.token_headers,
      [...path, 'token_headers'],
      CONNECTION_ROOTS,
      context,
    ),
    scopes: source.scopes?.default ?? [],
    scopeSeparator: source.scopes?.separator ?? ' ',
    rotates: code?.refresh?.rotates ?? false,
  };
}

function compileApply(source: ApplySource, path: SourcePath, context: CompileContext) {
  const lowered = Object.fromEntries(
    Object.entries(source.headers).map(([name, text]) => [name.toLowerCase(), text]),
  );
  return {
    headers: compileTemplates(lowered, [...path, 'headers'], CREDENTIAL_ROOTS, context),
    query: compileTemplates(source.query, [...path, 'query'], CREDENTIAL_ROOTS, context),
  };
}

interface Applied {
  readonly headers: Auth['headers'];
  readonly query: Auth['query'];
}

function fieldsOf(applied: Applied): readonly CredentialField[] {
  return required(
    credentialPaths([...Object.values(applied.headers), ...Object.values(applied.query)]),
  );
}

function credentialPaths(templates: readonly { readonly paths: readonly string[] }[]): string[] {
  const names = templates
    .flatMap(({ paths }) => paths)
    .filter((path) => path.startsWith('cred.'))
    .map((path) => path.slice('cred.'.length));
  return [...new Set(names)];
}

function required(names: readonly string[]): readonly CredentialField[] {
  return names.map((name) => ({ name, required: true }));
}

/** The app's client may stand in for the account's own; either token of a pair can start. */
function oauthFields(oauth: OAuth): readonly CredentialField[] {
  const names =
    oauth.grant === 'refresh_token'
      ? ['access_token', 'refresh_token', 'client_id', 'client_secret']
      : ['access_token', 'client_id', 'client_secret'];
  return names.map((name) => ({ name, required: false }));
}
