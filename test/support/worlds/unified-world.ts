/**
 * Calls on records as unified-api wires them: routes, keys and idempotency over DynamoDB in memory, and
 * the sandbox provider on loopback.
 */

import { createApiKeyStore } from '#shared/access/api-key-store.ts';
import type { IntegratedAccount } from '#shared/account/integrated-account.ts';
import type { ApiAnswer } from '#shared/api/http/api-message.ts';
import { createCursors } from '#shared/api/http/list.ts';
import { resourceRoutes } from '#shared/api/records/resources.ts';
import { unifiedRoutes } from '#shared/api/records/unified.ts';
import { createSendHttp } from '#shared/http/request.ts';
import { loadCatalogue } from '#shared/integration/catalogue/catalogue.ts';
import { readCatalogueFolder } from '#shared/integration/catalogue/read-catalogue.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { NotFoundError } from '#shared/kernel/errors.ts';
import { brandId, createIdFactory } from '#shared/kernel/id.ts';
import { systemRandom } from '#shared/kernel/random.ts';
import { createApi } from '#shared/runtime/compose/api.ts';
import type { Storage } from '#shared/runtime/compose/storage.ts';
import { createUnifiedCalls } from '#shared/unified/unified-calls.ts';
import {
  SANDBOX_API_TOKEN,
  type Sandbox,
  type SandboxOptions,
  startSandbox,
} from '../../../local/sandbox/provider.ts';
import { aCredentialSource, anAccount } from '../builders/an-integration.ts';
import { aRequest, aSealer } from '../builders/api-requests.ts';
import { aQuietTelemetry } from '../doubles/quiet-telemetry.ts';
import { startDynamo } from '../servers/dynamo.ts';
import { ENVIRONMENT } from './control-plane-world.ts';

export interface UnifiedApi {
  readonly sandbox: Sandbox;
  readonly storage: Storage;
  /** Of the account `ia_1`, unless the headers name another; `ia_2` is a second one of the same tenant. */
  call(method: string, path: string, body?: unknown, headers?: object): Promise<ApiAnswer>;
  /** An API key with these scopes. */
  keyWith(scopes: readonly ('read' | 'write' | 'proxy')[]): Promise<string>;
  stop(): Promise<void>;
}

export async function startUnifiedApi(options: SandboxOptions = {}): Promise<UnifiedApi> {
  const dynamo = await startDynamo();
  const sandbox = await startSandbox({
    rateLimit: { limit: 100_000, windowMs: 60_000 },
    ...options,
  });
  const storage: Storage = {
    table: dynamo.table,
    keysTable: dynamo.keysTable,
    sealer: aSealer(),
    clock: systemClock,
    random: systemRandom,
    ids: createIdFactory(systemClock, systemRandom),
  };
  const account = (id: string, changes: Partial<IntegratedAccount> = {}) =>
    anAccount({
      id: brandId(id),
      environmentId: ENVIRONMENT,
      integration: 'sandbox',
      auth: 'api_token',
      connection: { base_url: sandbox.url },
      ...changes,
    });
  const accounts = [account('ia_1'), account('ia_2'), account('ia_3', { status: 'paused' })];
  const catalogue = loadCatalogue(readCatalogueFolder(['integrations']));
  const deps = {
    ...storage,
    ...createUnifiedCalls({
      catalogue,
      send: createSendHttp({ allowLoopback: true }),
      credentials: aCredentialSource({ token: SANDBOX_API_TOKEN }),
      clock: systemClock,
      random: systemRandom,
      observe: () => undefined,
    }),
    accounts: {
      get: async (_environment: unknown, id: string) => {
        const found = accounts.find((each) => each.id === id);
        if (!found) throw new NotFoundError('no such account');
        return found;
      },
    },
    cursors: createCursors(storage.sealer),
  };
  const routes = [...resourceRoutes(deps), ...unifiedRoutes(deps)];
  const limits = { maxBodyBytes: 100_000, attemptMs: 60_000 };
  const serve = createApi(storage, aQuietTelemetry(), routes, limits);
  const keyWith: UnifiedApi['keyWith'] = async (scopes) =>
    (await createApiKeyStore(storage).create(ENVIRONMENT, { scopes })).key;
  const key = await keyWith(['read', 'write']);
  return {
    sandbox,
    storage,
    keyWith,
    call: (method, path, body, headers = {}) =>
      serve(
        aRequest(method, path, body, {
          authorization: `Bearer ${key}`,
          'x-integrated-account-id': 'ia_1',
          ...headers,
        }),
      ),
    stop: async () => {
      await sandbox.close();
      await dynamo.stop();
    },
  };
}
