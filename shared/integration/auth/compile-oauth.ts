/** OAuth 2.0 alternatives, compiled. */

import type { CompileContext, SourcePath } from '../template/context.ts';
import { compileTemplates } from '../template/values.ts';
import { lowerNames } from './compile-apply.ts';
import {
  compileExpiry,
  compileExpressions,
  compileMint,
  compileSteps,
  STEP_ROOTS,
  seeingSteps,
} from './compile-steps.ts';
import type { Authorization, OAuth, Refresh } from './plan.ts';
import type { AuthSource } from './source.ts';

const ADDRESS_ROOTS = ['conn'] as const;
const TOKEN_ROOTS = ['conn', 'cred', 'app'] as const;
const AUTHORIZE_ROOTS = ['conn', 'app'] as const;

export type OAuthSource = Extract<AuthSource, { kind: 'oauth2_code' | 'oauth2_cc' }>;
type CodeSource = Extract<AuthSource, { kind: 'oauth2_code' }>;

export function compileOAuth(
  source: OAuthSource,
  path: SourcePath,
  context: CompileContext,
): OAuth {
  const code = source.kind === 'oauth2_code' ? source : undefined;
  const texts = (slot: string, given: Readonly<Record<string, string>>) =>
    compileTemplates(given, [...path, slot], TOKEN_ROOTS, context);
  const response = (slot: keyof OAuthSource['token_response']) =>
    context.optionalExpression(source.token_response[slot], [...path, 'token_response', slot]);
  if ((source.client_auth === 'private_key_jwt') !== (source.assertion !== undefined)) {
    context.fault(
      [...path, 'assertion'],
      'goes with client_auth private_key_jwt, and it with that',
    );
  }
  const afterToken = compileSteps(source.then, [...path, 'then'], context);
  return {
    grant: code ? 'refresh_token' : 'client_credentials',
    authorization: code && compileAuthorization(code, path, context),
    tokenUrl: context.template(source.token_url, [...path, 'token_url'], ADDRESS_ROOTS),
    tokenMethod: source.token_method,
    tokenFormat: source.token_format,
    clientAuth: source.client_auth,
    assertion: source.assertion && compileMint(source.assertion, [...path, 'assertion'], context),
    tokenParams: texts('token_params', source.token_params),
    tokenOmit: source.token_omit,
    tokenHeaders: texts('token_headers', lowerNames(source.token_headers)),
    refresh: compileRefresh(code?.refresh, [...path, 'refresh'], context),
    response: {
      accessToken: response('access_token'),
      refreshToken: response('refresh_token'),
      expiresIn: response('expires_in'),
    },
    terminalErrors: source.terminal_errors,
    scopes: source.scopes?.default ?? [],
    scopeSeparator: source.scopes?.separator ?? ' ',
    scopeParam: source.scopes?.param ?? 'scope',
    capture: compileExpressions(source.capture, [...path, 'capture'], context),
    expires: compileExpiry(source.expires, [...path, 'expires'], context),
    afterToken: afterToken.steps,
    credential: compileTemplates(
      source.credential,
      [...path, 'credential'],
      STEP_ROOTS,
      seeingSteps(context, afterToken.made),
    ),
  };
}

function compileAuthorization(
  source: CodeSource,
  path: SourcePath,
  context: CompileContext,
): Authorization {
  return {
    url: context.template(source.authorize_url, [...path, 'authorize_url'], ADDRESS_ROOTS),
    params: compileTemplates(
      source.authorize_params,
      [...path, 'authorize_params'],
      AUTHORIZE_ROOTS,
      context,
    ),
    omit: source.authorize_omit,
    pkce: source.pkce,
    codeParam: source.callback.code,
    capture: source.callback.capture,
  };
}

/** RFC 6749 §6, where nothing else is said. */
function compileRefresh(
  source: CodeSource['refresh'],
  path: SourcePath,
  context: CompileContext,
): Refresh {
  return {
    rotates: source?.rotates ?? false,
    url:
      source?.url === undefined
        ? undefined
        : context.template(source.url, [...path, 'url'], ADDRESS_ROOTS),
    params: compileTemplates(source?.params ?? {}, [...path, 'params'], TOKEN_ROOTS, context),
    omit: source?.omit ?? [],
    token: source?.token ?? 'refresh_token',
    param: source?.param ?? 'refresh_token',
    grant: source?.grant ?? 'refresh_token',
  };
}
