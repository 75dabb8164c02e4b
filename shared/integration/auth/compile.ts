/** The `auth` block, compiled: every alternative with what it sends and the fields that it needs. */

import { mapRecord } from '../../kernel/map-record.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';
import { compileTemplates } from '../template/values.ts';
import { BEARER, compileApply, NOWHERE } from './compile-apply.ts';
import { compileOAuth, type OAuthSource } from './compile-oauth.ts';
import { compileRevoke } from './compile-revoke.ts';
import { CREDENTIAL_ROOTS, compileSigner, type SimpleSource } from './compile-signer.ts';
import {
  compileBasic,
  compileExpiry,
  compileExpressions,
  compileSteps,
  STEP_ROOTS,
  seeingSteps,
} from './compile-steps.ts';
import { compileFields } from './credential-fields.ts';
import { type Lookups, noteLookups } from './lookups.ts';
import type { Auth, OAuth, Revoke, TokenExchange } from './plan.ts';
import type { AuthSource } from './source.ts';

const CLIENT = ['client_id', 'client_secret'] as const;

type ExchangeSource = Extract<AuthSource, { kind: 'token_exchange' }>;
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
