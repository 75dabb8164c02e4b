/**
 * Turns the callback of an authorization into a credential, and into what it tells of the account.
 * The state is checked before, by whoever gave it out.
 *
 * Errors  {@link AuthorizationRefusedError}; InvalidRequestError where the callback lacks the code,
 *         or names what the integration does not allow; RefreshRefusedError, TokenEndpointError;
 *         IncompleteRenewalError, which holds the tokens; those of callTokenServer
 * Source  RFC 6749 §4.1.2, §4.1.3; RFC 7636 §4.5
 */
import { createCredential } from '../../account/credential.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import type { Integration } from '../../integration/document/plan.ts';
import { CallerError, InvalidRequestError } from '../../kernel/errors.ts';
import { checkedUrl, type PlannedClient } from '../app/renewal-plan.ts';
import { CALL_MS } from '../token/refresh-timing.ts';
import { askForTokens, type Renewed, scopeOf } from '../token/refresh-token.ts';
import type { TokenCallDeps } from '../token/token-call.ts';
import { codeText } from '../token/token-response.ts';
import { codeFlowOf } from './authorization-url.ts';

export interface CodeExchange {
  readonly requestId: string;
  readonly integration: Integration;
  /** With the inputs that its user gave. */
  readonly account: IntegratedAccount;
  readonly client: PlannedClient;
  /** Parameters of the callback. */
  readonly callback: URLSearchParams;
  readonly redirectUri: string;
  readonly verifier: string;
}

export interface ExchangedCode {
  readonly credential: Renewed;
  /** The account's, with what callback and answer told. */
  readonly connection: IntegratedAccount['connection'];
}

export type ExchangeCode = (exchange: CodeExchange) => Promise<ExchangedCode>;

/** The user, or the provider for them, said no. */
export class AuthorizationRefusedError extends CallerError {
  override readonly name = 'AuthorizationRefusedError';
  readonly code = 'authorization_refused';
  readonly status = 422;
}

export function createExchangeCode(deps: TokenCallDeps): ExchangeCode {
  return async (exchange) => {
    const { integration, client, callback } = exchange;
    const { oauth, authorization } = codeFlowOf(integration, exchange.account);
    const code = codeOf(callback, authorization.codeParam);
    const connection = withCallback(integration, exchange.account, authorization.capture, callback);
    const account = { ...exchange.account, connection };
    const startedAtMs = deps.clock.now();
    const plan = { kind: 'oauth', account, integration, client, oauth, spends: [] } as const;
    const current = createCredential({});
    const scope = scopeOf(plan, current);
    const grant = {
      url: checkedUrl(plan, oauth.tokenUrl, scope, true),
      urlTemplate: oauth.tokenUrl.text,
      params: {
        grant_type: 'authorization_code',
        code,
        redirect_uri: exchange.redirectUri,
        ...(authorization.pkce ? { code_verifier: exchange.verifier } : {}),
      },
    };
    const deadlineMs = startedAtMs + CALL_MS;
    const context = { account, requestId: exchange.requestId, operation: 'token', deadlineMs };
    const renewal = { context, scope, startedAtMs };
    const credential = await askForTokens(deps, plan, grant, current, renewal);
    return { credential, connection: { ...connection, ...credential.captured } };
  };
}

function codeOf(callback: URLSearchParams, param: string): string {
  const error = callback.get('error');
  if (error !== null) {
    throw new AuthorizationRefusedError('access was not granted', {
      reason: codeText(error) ?? 'unknown',
    });
  }
  const code = callback.get(param);
  if (code !== null && code !== '') return code;
  throw new InvalidRequestError('the callback brings no code', [
    { path: param, message: 'is needed' },
  ]);
}

/** What a browser brings is anybody's: it is checked as if somebody had typed it. */
function withCallback(
  integration: Integration,
  account: IntegratedAccount,
  captures: Readonly<Record<string, string>>,
  callback: URLSearchParams,
): IntegratedAccount['connection'] {
  const found = Object.fromEntries(
    Object.entries(captures).map(([input, param]) => [input, callback.get(param)]),
  );
  const { connection, faults } = integration.withCaptured(account, found);
  if (faults.length === 0) return connection;
  throw new InvalidRequestError('the callback names what the integration does not allow', faults);
}
