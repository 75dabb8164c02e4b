/**
 * Finds out what only the provider knows of an account: from the answer that brings its token, and
 * by the integration's `after_connect` calls, each of which may need what those before it found.
 *
 * Errors  UnprocessableError where something is still missing afterwards; ProviderError where a
 *         value is not what the integration says it would be; those of the calls
 */
import type { AccountStore } from '../account/account-store.ts';
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { Auth } from '../integration/auth/plan.ts';
import type { Catalogue } from '../integration/catalogue/catalogue.ts';
import { concerns } from '../integration/connection/inputs.ts';
import type { AfterConnect, Integration } from '../integration/document/plan.ts';
import { NotFoundError, UnprocessableError } from '../kernel/errors.ts';
import { mapRecord } from '../kernel/map-record.ts';
import { canRenew, type PlanOf } from '../oauth/renewal/renewal-need.ts';
import { authOf } from '../wire/authenticate.ts';
import type { Answer } from '../wire/decode/answer.ts';
import { buildRequest } from './build-request.ts';
import { structuralError } from './classify.ts';
import type { ProviderDeps } from './exchange.ts';
import { evaluateSafely } from './provider-answer.ts';
import { type CallProvider, createCallProvider } from './provider-client.ts';

export interface ConnectAccountDeps extends ProviderDeps {
  readonly catalogue: Pick<Catalogue, 'integration'>;
  readonly accounts: Pick<AccountStore, 'get' | 'update'>;
  readonly planOf: PlanOf;
}

export interface Connected {
  readonly account: IntegratedAccount;
  /** Whether the provider was asked for anything. */
  readonly asked: boolean;
}

/** @param again also where nothing is missing: the provider may know better by now */
export type ConnectAccount = (
  account: IntegratedAccount,
  requestId: string,
  again: boolean,
) => Promise<Connected>;

export function createConnectAccount(deps: ConnectAccountDeps): ConnectAccount {
  const callProvider = createCallProvider(deps);
  return async (given, requestId, again) => {
    const integration = deps.catalogue.integration(given.integration);
    if (!integration) throw new NotFoundError('the catalogue has no such integration');
    const auth = authOf(integration, given);
    if (missing(integration, given).length === 0 && !again) return { account: given, asked: false };

    const actions = integration.afterConnect.filter(({ method }) => concerns(method, auth.name));
    let account = await renewForCaptures(deps, integration, auth, given, requestId);
    for (const action of actions) {
      account = await ask({ ...deps, callProvider }, { integration, account, action, requestId });
    }
    refuseIncomplete(integration, account);
    return { account, asked: account !== given || actions.length > 0 };
  };
}

/** Inputs of the account that the engine finds out and has not yet. */
function missing(integration: Integration, account: IntegratedAccount): readonly string[] {
  return Object.values(integration.connection)
    .filter((input) => input.captured && concerns(input, account.auth))
    .map(({ name }) => name)
    .filter((name) => account.connection[name] === undefined);
}

/** A token's answer tells it, and the next one tells it again: an import has only the token. */
async function renewForCaptures(
  { credentials, accounts, planOf }: ConnectAccountDeps,
  integration: Integration,
  { oauth, exchange }: Auth,
  account: IntegratedAccount,
  requestId: string,
): Promise<IntegratedAccount> {
  const told = Object.keys(oauth?.capture ?? exchange?.capture ?? {});
  const isTold = missing(integration, account).some((name) => told.includes(name));
  if (!isTold) return account;
  const held = await credentials(account, { requestId });
  const now = await accounts.get(account.environmentId, account.id);
  const stillTold = missing(integration, now).some((name) => told.includes(name));
  // A renewal that cannot succeed would end the account, whose token is good.
  if (!stillTold || !(await canRenew(planOf, now, held.credential))) return now;
  await credentials(now, { refusedVersion: held.version, requestId });
  return accounts.get(account.environmentId, account.id);
}

interface Action {
  readonly integration: Integration;
  readonly account: IntegratedAccount;
  readonly action: AfterConnect;
  readonly requestId: string;
}

async function ask(
  { callProvider, accounts }: ConnectAccountDeps & { readonly callProvider: CallProvider },
  { integration, account, action, requestId }: Action,
): Promise<IntegratedAccount> {
  const { method } = action;
  const answer = await callProvider({
    requestId,
    account,
    integration,
    operation: 'after_connect',
    request: buildRequest({ integration, method, account, scope: {} }),
    timeoutMs: method.timeoutMs,
  });
  const connection = capture(integration, account, action, answer);
  const isNew = Object.entries(connection).some(
    ([name, value]) => account.connection[name] !== value,
  );
  return isNew ? accounts.update(account, { connection }) : account;
}

/** @throws ProviderError, which names the input and never the value */
function capture(
  integration: Integration,
  account: IntegratedAccount,
  action: AfterConnect,
  answer: Answer,
): IntegratedAccount['connection'] {
  const scope = answer.scope.reveal();
  const found = mapRecord(action.capture, (expression) => evaluateSafely(expression, scope));
  const { connection, faults } = integration.withCaptured(account, found);
  const [fault] = faults;
  if (!fault) return connection;
  throw structuralError(integration.name, answer.status, `${fault.path}: ${fault.message}`);
}

function refuseIncomplete(integration: Integration, account: IntegratedAccount): void {
  const lacking = missing(integration, account).filter(
    (name) => integration.connection[name]?.optional !== true,
  );
  if (lacking.length === 0) return;
  const message = 'the provider did not tell it; give it';
  throw new UnprocessableError(
    'the account lacks what connecting it would have found out',
    lacking.map((name) => ({ path: `connection.${name}`, message })),
  );
}
