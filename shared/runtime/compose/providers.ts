/** Calls to providers: the catalogue, credentials that are fresh, and the boundary log. */
import { type AccountStore, createAccountStore } from '../../account/account-store.ts';
import { type CredentialVault, createCredentialVault } from '../../account/credential-vault.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import type { SendHttp } from '../../http/http-message.ts';
import { createSendHttp } from '../../http/request.ts';
import type { Catalogue } from '../../integration/catalogue.ts';
import { tokenEndpointOf } from '../../integration/token-endpoint.ts';
import { NotFoundError } from '../../kernel/errors.ts';
import { type AppStore, createAppStore } from '../../oauth/app-store.ts';
import { createCredentialSource } from '../../oauth/fresh-credential.ts';
import { createRefreshToken } from '../../oauth/refresh-token.ts';
import type { EndpointOf } from '../../oauth/renewal-need.ts';
import type { ProviderDeps } from '../../proxy/exchange.ts';
import type { Telemetry } from '../telemetry.ts';
import { catalogueSettings } from './catalogue-file.ts';
import { egressSettings, milliseconds } from './egress.ts';
import type { Storage } from './storage.ts';

export const providerSettings = {
  ...catalogueSettings,
  ...egressSettings,
  PROVIDER_TIMEOUT_MS: milliseconds.default(15_000),
} as const;

export interface ProviderSettings {
  readonly ALLOW_LOOPBACK_TARGETS: boolean;
  readonly PROVIDER_TIMEOUT_MS: number;
}

export interface Providers {
  readonly catalogue: Catalogue;
  readonly send: SendHttp;
  readonly accounts: AccountStore;
  readonly vault: CredentialVault;
  readonly endpointOf: EndpointOf;
  /** What calling a provider takes. */
  readonly calls: ProviderDeps & { readonly catalogue: Catalogue };
}

/** `announce` is told of an account that comes to need its user. */
export function createProviders(
  storage: Storage,
  catalogue: Catalogue,
  settings: ProviderSettings,
  telemetry: Pick<Telemetry, 'observeCall'>,
  announce?: (account: IntegratedAccount) => Promise<void>,
): Providers {
  const { table, sealer, clock, random } = storage;
  const send = createSendHttp({ allowLoopback: settings.ALLOW_LOOPBACK_TARGETS });
  const accounts = createAccountStore({ table, clock });
  const vault = createCredentialVault({ table, sealer });
  const endpointOf = createEndpointOf(catalogue, createAppStore({ table, sealer, clock }));
  const credentials = createCredentialSource({
    accounts,
    vault,
    endpointOf,
    announce,
    table,
    refresh: createRefreshToken({ send, clock }),
    clock,
    random,
  });
  const timeoutMs = settings.PROVIDER_TIMEOUT_MS;
  const observe = telemetry.observeCall;
  const calls = { catalogue, send, credentials, clock, observe, timeoutMs };
  return { catalogue, send, accounts, vault, endpointOf, calls };
}

function createEndpointOf(catalogue: Catalogue, apps: Pick<AppStore, 'get'>): EndpointOf {
  return async (account, fields) => {
    const integration = catalogue.integration(account.integration);
    if (!integration) throw new NotFoundError('the catalogue has no such integration');
    // The usual API key costs no look at the app.
    if (!integration.auth[account.auth]?.oauth) return undefined;
    const app = await apps.get(account.environmentId, account.integration);
    const client = app?.reveal().client;
    return tokenEndpointOf(integration, account, fields, client && app.map(() => client));
  };
}
