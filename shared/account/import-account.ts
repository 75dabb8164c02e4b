/**
 * Imports an account whose credential the operator already has.
 *
 * Everything wrong with the input is said at once, by path and never by value. The account
 * exists as `connecting` until its credential is stored, so that a crash leaves no secret
 * without an account.
 *
 * Errors  {@link InvalidRequestError} with all faults; KeyRevokedError, KeyUnavailableError
 */

import { type Fault, InvalidRequestError } from '../kernel/errors.ts';
import type { EnvironmentId, Id, TenantId } from '../kernel/id.ts';
import type { AccountStore } from './account-store.ts';
import { createCredential } from './credential.ts';
import type { CredentialVault } from './credential-vault.ts';
import type { IntegratedAccount } from './integrated-account.ts';

/** What an import needs to know of an integration. */
export interface ImportableIntegration {
  /** Defaults filled in. Faults carry paths of the request: `connection.subdomain`. */
  validateConnection(
    inputs: Readonly<Record<string, unknown>>,
    auth: string,
    giver: {
      readonly ownClient: boolean;
      readonly stored: Readonly<Record<string, string>>;
    },
  ): {
    readonly connection: Readonly<Record<string, string>>;
    readonly faults: readonly Fault[];
  };
  /** Faults of the alternative and its fields: `auth`, `credentials.token`. */
  validateCredential(auth: string, fields: Readonly<Record<string, unknown>>): readonly Fault[];
}

export interface ImportRequest {
  readonly tenantId: TenantId;
  readonly integration: string;
  readonly auth: string;
  /** As the integration names them; besides them `expires_at`, ISO 8601. Never echoed. */
  readonly credentials: Readonly<Record<string, unknown>>;
  readonly connection?: Readonly<Record<string, unknown>>;
  readonly label?: string;
}

export interface ImportAccountDeps {
  readonly accounts: AccountStore;
  readonly vault: CredentialVault;
  readonly ids: { make(kind: 'ia'): Id<'ia'> };
  readonly integration: (name: string) => ImportableIntegration | undefined;
}

export type ImportAccount = (
  environmentId: EnvironmentId,
  request: ImportRequest,
) => Promise<IntegratedAccount>;

/** ISO 8601 with an offset: a local time would mean another instant on another machine. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** @throws InvalidRequestError (from the function it returns) */
export function createImportAccount(deps: ImportAccountDeps): ImportAccount {
  return async (environmentId, request) => {
    const { expires_at: expiresAt, ...given } = request.credentials;
    const { faults, connection } = check(deps.integration(request.integration), request, given);
    const expiry = readExpiry(expiresAt);
    const all = [...faults, ...expiry.faults];
    if (all.length > 0) throw new InvalidRequestError('the account cannot be imported', all);

    const account = await deps.accounts.create({
      id: deps.ids.make('ia'),
      environmentId,
      tenantId: request.tenantId,
      integration: request.integration,
      auth: request.auth,
      status: 'connecting',
      connection,
      ...(request.label === undefined ? {} : { label: request.label }),
      ...(expiry.atMs === undefined ? {} : { expiresAtMs: expiry.atMs }),
    });
    await deps.vault.put(account, createCredential(textsOf(given), expiry.atMs), 0);
    return deps.accounts.update(account, { status: 'active' });
  };
}

function check(
  integration: ImportableIntegration | undefined,
  request: ImportRequest,
  given: Readonly<Record<string, unknown>>,
): { readonly faults: readonly Fault[]; readonly connection: Readonly<Record<string, string>> } {
  if (!integration) {
    return { faults: [{ path: 'integration', message: 'does not exist' }], connection: {} };
  }
  const { connection, faults } = integration.validateConnection(
    request.connection ?? {},
    request.auth,
    { ownClient: given['client_id'] !== undefined, stored: {} },
  );
  return {
    connection,
    faults: [...integration.validateCredential(request.auth, given), ...faults],
  };
}

/** They are texts all: the integration has vouched for it. */
function textsOf(given: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'string') texts[name] = value;
  }
  return texts;
}

function readExpiry(value: unknown): { readonly atMs?: number; readonly faults: readonly Fault[] } {
  if (value === undefined || value === null) return { faults: [] };
  const atMs = typeof value === 'string' && INSTANT.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isFinite(atMs)) return { atMs, faults: [] };
  const message = 'must be an ISO 8601 instant with Z or an offset';
  return { faults: [{ path: 'credentials.expires_at', message }] };
}
