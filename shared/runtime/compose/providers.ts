/** Calls to providers: the catalogue, credentials that are fresh, and the boundary log. */
import { type AccountStore, createAccountStore } from '../../account/account-store.ts';
import { type CredentialVault, createCredentialVault } from '../../account/credential-vault.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import type { SendHttp } from '../../http/http-message.ts';
import { createSendHttp } from '../../http/request.ts';
import type { Catalogue } from '../../integration/catalogue/catalogue.ts';
import { createFindMapping } from '../../mapping/effective-mapping.ts';
import type { FindMapping } from '../../mapping/mapping-source.ts';
import { createAppStore } from '../../oauth/app/app-store.ts';
import { type ClientFor, createClientFor, createPlanOf } from '../../oauth/app/plan-source.ts';
import { createCredentialSource } from '../../oauth/renewal/fresh-credential.ts';
import type { PlanOf } from '../../oauth/renewal/renewal-need.ts';
import { createRefreshToken } from '../../oauth/token/refresh-token.ts';
import type { TokenCallDeps } from '../../oauth/token/token-call.ts';
import type { ProviderDeps } from '../../provider/exchange.ts';
import type { Telemetry } from '../telemetry.ts';
import { type BreakerSettings, breakerSettings, createProviderBreaker } from './breaker.ts';
import { catalogueSettings } from './catalogue-file.ts';
import { egressSettings, milliseconds } from './egress.ts';
import type { Storage } from './storage.ts';

export const providerSettings = {
  ...catalogueSettings,
  ...egressSettings,
  ...breakerSettings,
  PROVIDER_TIMEOUT_MS: milliseconds.default(15_000),
} as const;

export interface ProviderSettings extends BreakerSettings {
  readonly ALLOW_LOOPBACK_TARGETS: boolean;
  readonly PROVIDER_TIMEOUT_MS: number;
}

export interface Providers {
  readonly catalogue: Catalogue;
  readonly send: SendHttp;
  readonly accounts: AccountStore;
  readonly vault: CredentialVault;
  readonly planOf: PlanOf;
  readonly clientFor: ClientFor;
  /** What asking for tokens takes. */
  readonly tokenCalls: TokenCallDeps;
  /** What calling a provider takes. */
  readonly calls: ProviderDeps & {
    readonly catalogue: Catalogue;
    readonly findMapping: FindMapping;
  };
}

/** `announce` is told of an account that comes to need its user. */
export function createProviders(
  storage: Storage,
  catalogue: Catalogue,
  settings: ProviderSettings,
  telemetry: Pick<Telemetry, 'observeCall' | 'log'>,
  announce: (account: IntegratedAccount) => Promise<void>,
): Providers {
  const { table, sealer, clock, random } = storage;
  const send = createSendHttp({ allowLoopback: settings.ALLOW_LOOPBACK_TARGETS });
  const accounts = createAccountStore({ table, clock });
  const vault = createCredentialVault({ table, sealer });
  const apps = createAppStore({ table, sealer, clock });
  const planOf = createPlanOf(catalogue, apps);
  const observe = telemetry.observeCall;
  const tokenCalls = { send, clock, random, observe };
  const credentials = createCredentialSource({
    accounts,
    vault,
    planOf,
    announce,
    table,
    refresh: createRefreshToken(tokenCalls),
    clock,
    random,
  });
  const timeoutMs = settings.PROVIDER_TIMEOUT_MS;
  const breaker = createProviderBreaker(storage, settings, telemetry.log);
  const findMapping = createFindMapping({ table, catalogue, clock });
  const calls = {
    catalogue,
    findMapping,
    send,
    credentials,
    clock,
    random,
    observe,
    timeoutMs,
    breaker,
  };
  const clientFor = createClientFor(apps);
  return { catalogue, send, accounts, vault, planOf, clientFor, tokenCalls, calls };
}
