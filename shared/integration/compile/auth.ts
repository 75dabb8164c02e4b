/** The `auth` block, compiled: every alternative with what it sends and the fields that it needs. */
import type { Auth, OAuth, Revoke, Signer, TokenExchange } from '../auth.ts';
import type { AuthSource } from '../schema/auth.ts';
import { BEARER, compileApply, lowerNames, NOWHERE } from './apply.ts';
import type { CompileContext, SourcePath } from './context.ts';
import { compileFields } from './credential-fields.ts';
import { type Lookups, noteLookups, withRoots } from './lookups.ts';
import { compileOAuth, type OAuthSource } from './oauth.ts';
import {
  compileBasic,
  compileExpiry,
  compileExpressions,
  compileSteps,
  STEP_ROOTS,
  seeingSteps,
} from './steps.ts';
import { compileTemplates, compileValue, mapRecord } from './values.ts';

const CREDENTIAL_ROOTS = ['cred', 'conn'] as const;
const REVOKE_ROOTS = ['conn', 'cred', 'app'] as const;
const CLIENT = ['client_id', 'client_secret'] as const;

type ExchangeSource = Extract<AuthSource, { kind: 'token_exchange' }>;
type SimpleSource = Exclude<AuthSource, OAuthSource | ExchangeSource>;
/** What the kinds differ in; the rest is the same for all. */
type Way = Pick<Auth, 'apply' | 'basic' | 'signer' | 'oauth' | 'exchange'>;
type Fields = Pick<Auth, 'credentialFields' | 'fieldPatterns' | 'knownFields'>;

export function compileAuths(
  sources: Readonly<Record<string, AuthSource>>,
  context: CompileContext,
): Readonly<Record<string, Auth>> {
  return mapRecord(sources, (source, name) => {
    const path = ['auth', name];
    return {
      name,
      kind: source.kind,
      title: source.title ?? name,
      baseUrl:
        source.base_url === undefined
          ? undefined
          : context.template(source.base_url, [...path, 'base_url'], ['conn']),
      ...compileWay(source, path, context),
    };
  });
}

type Compiled = Way & Fields & Pick<Auth, 'revoke' | 'clientInputs'>;

function compileWay(source: AuthSource, path: SourcePath, context: CompileContext): Compiled {
  switch (source.kind) {
    case 'oauth2_code':
    case 'oauth2_cc':
      return compileOAuthWay(source, path, context);
    case 'token_exchange':
      return compileExchangeWay(source, path, context);
    default:
      return compileSimpleWay(source, path, context);
  }
}

/** The credential is what the account brought. */
function compileSimpleWay(
  source: SimpleSource,
  path: SourcePath,
  context: CompileContext,
): Compiled {
  const noted = noteLookups(context);
  const way: Way = {
    apply:
      source.kind === 'token'
        ? compileApply(source.apply, [...path, 'apply'], noted.context)
        : NOWHERE,
    basic:
      source.kind === 'basic'
        ? compileBasic(source, path, CREDENTIAL_ROOTS, noted.context)
        : undefined,
    signer: compileSigner(source, path, noted.context),
    oauth: undefined,
    exchange: undefined,
  };
  const revoke = compileRevoke(source.revoke, [...path, 'revoke'], noted.context);
  const use = {
    asked: noted.lookups.credentialFields,
    applied: [],
    made: [],
    offered: noted.lookups.usesClient ? CLIENT : [],
  };
  const fields = compileFields(source.fields, use, path, context);
  return { ...way, revoke, clientInputs: clientInputs(revoke), ...fields };
}

function compileOAuthWay(source: OAuthSource, path: SourcePath, context: CompileContext): Compiled {
  const asking = noteLookups(context);
  const applying = noteLookups(context);
  const oauth = compileOAuth(source, path, asking.context);
  const tokens =
    oauth.grant === 'refresh_token'
      ? (['access_token', 'refresh_token'] as const)
      : (['access_token'] as const);
  const made = Object.keys(oauth.credential);
  const applied = compileApply(source.apply ?? BEARER, [...path, 'apply'], applying.context);
  const revoke = compileRevoke(source.revoke, [...path, 'revoke'], applying.context);
  const use = {
    asked: asking.lookups.credentialFields,
    applied: applying.lookups.credentialFields,
    made: [...tokens, ...made],
    // Either token of a pair can start; the environment's client may stand in for the account's.
    offered: [...tokens, ...CLIENT, ...made],
  };
  const fields = compileFields(source.fields, use, path, context);
  const { lookups } = asking;
  const asksAsClient = needsSecret(oauth) || lookups.usesClient;
  const named = clientInputs(revoke, asksAsClient ? lookups : undefined);
  return { ...only({ apply: applied, oauth }), revoke, clientInputs: named, ...fields };
}

function compileExchangeWay(
  source: ExchangeSource,
  path: SourcePath,
  context: CompileContext,
): Compiled {
  const asking = noteLookups(context);
  const applying = noteLookups(context);
  const exchange = compileExchange(source, path, asking.context);
  const apply = compileApply(source.apply ?? BEARER, [...path, 'apply'], applying.context);
  const revoke = compileRevoke(source.revoke, [...path, 'revoke'], applying.context);
  const made = Object.keys(exchange.credential);
  if (!made.includes('access_token')) {
    context.fault([...path, 'credential'], 'must make access_token');
  }
  const asked = asking.lookups.credentialFields;
  const use = {
    asked,
    applied: applying.lookups.credentialFields,
    made,
    offered: asking.lookups.usesClient ? CLIENT : [],
  };
  const spends = made.filter((name) => asked.has(name));
  return {
    ...only({ apply, exchange: { ...exchange, spends } }),
    revoke,
    clientInputs: clientInputs(revoke, exchange.steps.usesClient ? asking.lookups : undefined),
    ...compileFields(source.fields, use, path, context),
  };
}

function needsSecret({ clientAuth }: OAuth): boolean {
  return clientAuth !== 'none' && clientAuth !== 'private_key_jwt';
}

/** @param asking what asking for a token looks up, where the OAuth client does */
function clientInputs(revoke: Revoke | undefined, asking?: Lookups): readonly string[] {
  const revoked = revoke?.usesClient ? revoke.inputs : [];
  return [...new Set([...(asking?.inputs ?? []), ...revoked])];
}

function compileExchange(
  source: ExchangeSource,
  path: SourcePath,
  context: CompileContext,
): Omit<TokenExchange, 'spends'> {
  const { steps, made } = compileSteps(source.steps, [...path, 'steps'], context);
  return {
    steps,
    credential: compileTemplates(
      source.credential,
      [...path, 'credential'],
      STEP_ROOTS,
      seeingSteps(context, made),
    ),
    capture: compileExpressions(source.capture, [...path, 'capture'], context),
    expires: compileExpiry(source.expires, [...path, 'expires'], context),
    terminalErrors: source.terminal_errors,
    errorCode: context.optionalExpression(source.error_code, [...path, 'error_code']),
  };
}

function only(way: Partial<Way>): Way {
  const nothing = { basic: undefined, signer: undefined, oauth: undefined, exchange: undefined };
  return { apply: NOWHERE, ...nothing, ...way };
}

function compileSigner(
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

function compileRevoke(
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
