/**
 * The proxy and the unified API as functions/proxy-api and functions/unified-api wire them, behind a
 * plain HTTP server instead of API Gateway, with two doubles: the tables and KMS live in this process. Everything else is the real
 * thing: API key, account, credential under its tenant's key, headers, limits, breaker, log lines.
 */

import { createApiKeyStore } from '#shared/access/api-key-store.ts';
import { bootstrapEnvironment } from '#shared/access/bootstrap-environment.ts';
import { createImportAccount } from '#shared/account/import-account.ts';
import { keepAccounts } from '#shared/account/kept-accounts.ts';
import type { ServeApi } from '#shared/api/http/api-message.ts';
import { createCursors } from '#shared/api/http/list.ts';
import { withServerTiming } from '#shared/api/http/server-timing.ts';
import { proxyRoute } from '#shared/api/proxy/proxy.ts';
import { unifiedRoutes } from '#shared/api/records/unified.ts';
import { createSealer } from '#shared/encryption/create-sealer.ts';
import { createTenantKeyRing } from '#shared/encryption/tenant-key-ring.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { brandId, createIdFactory } from '#shared/kernel/id.ts';
import { systemRandom } from '#shared/kernel/random.ts';
import { createProxyCall } from '#shared/proxy/proxy-call.ts';
import { createApi } from '#shared/runtime/compose/api.ts';
import { readCatalogueFile } from '#shared/runtime/compose/catalogue-file.ts';
import { createProviders } from '#shared/runtime/compose/providers.ts';
import { telemetryOf } from '#shared/runtime/telemetry.ts';
import { createUnifiedCalls } from '#shared/unified/unified-calls.ts';
import { TEST_KEK_ARN, TestKms } from '../../test/support/doubles/kms.ts';
import { createMemoryTable } from '../../test/support/doubles/memory-table.ts';

const SETTINGS = {
  POWERTOOLS_SERVICE_NAME: 'bench',
  LOG_LEVEL: 'INFO',
  ALLOW_LOOPBACK_TARGETS: true,
  PROVIDER_TIMEOUT_MS: 15_000,
} as const;
const MAX_BODY_BYTES = 6 * 1_024 * 1_024;

export interface ProxyEngine {
  readonly serve: ServeApi;
  /** What a caller sends. */
  readonly headers: Readonly<Record<string, string>>;
}

export async function openProxyEngine(upstream: string): Promise<ProxyEngine> {
  const { storage, environmentId } = await openStorage();
  const catalogue = readCatalogueFile({ CATALOGUE_FILE: process.env['CATALOGUE_FILE'] }, '');
  const telemetry = telemetryOf(SETTINGS);
  const providers = createProviders(storage, catalogue, SETTINGS, telemetry, async () => undefined);
  const account = await createImportAccount({
    ...storage,
    ...providers,
    integration: catalogue.integration,
  })(environmentId, {
    tenantId: brandId<'tenant'>('acme'),
    integration: 'sandbox',
    auth: 'api_token',
    credentials: { token: 'token-of-the-tenant' },
    connection: { base_url: upstream },
  });
  const { key } = await createApiKeyStore(storage).create(environmentId, {
    scopes: ['proxy', 'read'],
  });
  const accounts = keepAccounts(providers.accounts, storage.clock);
  const proxyCall = createProxyCall(providers.calls);
  const routes = [
    proxyRoute({ accounts, proxyCall, maxTimeoutMs: 29_000 }),
    ...unifiedRoutes({
      ...storage,
      ...createUnifiedCalls(providers.calls),
      accounts,
      cursors: createCursors(storage.sealer),
    }),
  ];
  const serve = createApi(storage, telemetry, routes, { maxBodyBytes: MAX_BODY_BYTES });
  return {
    serve: withServerTiming(serve, () => performance.now()),
    headers: { authorization: `Bearer ${key}`, 'x-integrated-account-id': account.id },
  };
}

async function openStorage() {
  const ground = { clock: systemClock, random: systemRandom };
  const keysTable = createMemoryTable();
  const keyRing = createTenantKeyRing({
    ...ground,
    keysTable,
    kms: new TestKms().client,
    kekArn: TEST_KEK_ARN,
  });
  const storage = {
    ...ground,
    table: createMemoryTable(),
    keysTable,
    sealer: createSealer({ keyRing, random: ground.random }),
    ids: createIdFactory(ground.clock, ground.random),
  };
  const { environment } = await bootstrapEnvironment(storage, { name: 'bench' });
  return { storage, environmentId: environment.id };
}
