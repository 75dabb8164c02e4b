/** Every route of the control plane over its use cases. */
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createApiKeyStore } from '../../access/api-key-store.ts';
import { createAccountStore } from '../../account/account-store.ts';
import { createCredentialVault } from '../../account/credential-vault.ts';
import { createEraseTenant } from '../../account/erase-tenant.ts';
import { createImportAccount } from '../../account/import-account.ts';
import { integratedAccountRoutes } from '../../api/accounts/integrated-accounts.ts';
import { healthRoutes } from '../../api/control/health.ts';
import { endpointsElsewhere, routesElsewhere } from '../../api/control/served-elsewhere.ts';
import { type Cursors, createCursors } from '../../api/http/list.ts';
import type { Route } from '../../api/http/route.ts';
import { VERSION } from '../../api/http/version.ts';
import { integrationCapabilitiesRoute } from '../../api/integrations/capabilities.ts';
import { integrationAppRoute } from '../../api/integrations/integration-app.ts';
import { integrationRoutes } from '../../api/integrations/integrations.ts';
import { providerStatusRoute } from '../../api/integrations/provider-status.ts';
import { mappingRoutes } from '../../api/mappings/mappings.ts';
import { overrideRoutes } from '../../api/mappings/overrides.ts';
import { apiKeyRoutes } from '../../api/operator/api-keys.ts';
import { tenantRoutes } from '../../api/operator/tenants.ts';
import { syncJobRoutes } from '../../api/sync/sync-jobs.ts';
import { syncRunRoutes } from '../../api/sync/sync-runs.ts';
import { webhookSubscriptionRoutes } from '../../api/webhooks/webhook-subscriptions.ts';
import type { Catalogue } from '../../integration/catalogue/catalogue.ts';
import type { EnvironmentId, TenantId } from '../../kernel/id.ts';
import { createOverrides } from '../../mapping/change-override.ts';
import { createConfirmAccount } from '../../mapping/confirm-account.ts';
import { createOverrideStore } from '../../mapping/override-store.ts';
import { createAppStore } from '../../oauth/app/app-store.ts';
import { createListOpenCircuits } from '../../provider/breaker/circuit-store.ts';
import { createJobSchedules } from '../../schedule/job-schedules.ts';
import { createListRuns } from '../../sync/run/list-runs.ts';
import { createRunControl } from '../../sync/run/run-control.ts';
import { createStartRun } from '../../sync/start/start-run.ts';
import { createTenantStore, TenantChangedError } from '../../tenant/tenant-store.ts';
import { jsonData } from '../../webhook/delivery/outbound-event.ts';
import { createSubscriptionStore } from '../../webhook/subscription/subscription-store.ts';
import { tellAccount } from './account-events.ts';
import type { Events } from './events.ts';
import type { Storage } from './storage.ts';
import { createSendHint, createSync } from './sync.ts';

export interface ControlPlaneSettings {
  readonly ALLOW_LOOPBACK_TARGETS: boolean;
  readonly STEP_QUEUE_URL: string;
  readonly SCHEDULE_GROUP: string;
  readonly SCHEDULE_ROLE_ARN: string;
  readonly START_QUEUE_ARN: string;
  readonly SCHEDULE_WINDOW_MINUTES: number;
}

interface ControlPlaneParts {
  readonly storage: Storage;
  readonly catalogue: Catalogue;
  readonly events: Events;
  readonly settings: ControlPlaneSettings;
  readonly clients: { readonly sqs: SQSClient; readonly scheduler: SchedulerClient };
}

export function controlPlaneRoutes(parts: ControlPlaneParts): readonly Route[] {
  const cursors = createCursors(parts.storage.sealer);
  const routes = [
    ...accessRoutes(parts.storage, cursors),
    ...accountRoutes(parts, cursors),
    ...layerRoutes(parts, cursors),
    ...syncRoutes(parts, cursors),
    ...eventRoutes(parts, cursors),
  ];
  return [...healthRoutes(VERSION, routes, endpointsElsewhere), ...routes, ...routesElsewhere];
}

function accessRoutes(storage: Storage, cursors: Cursors): readonly Route[] {
  const tenants = createTenantStore(storage);
  const accounts = createAccountStore(storage);
  const eraseTenant = createEraseTenant({ ...storage, tenants, accounts });
  return [
    ...apiKeyRoutes({ apiKeys: createApiKeyStore(storage), cursors }),
    ...tenantRoutes({ tenants, eraseTenant, cursors }),
  ];
}

function accountRoutes(
  { storage, catalogue, events }: ControlPlaneParts,
  cursors: Cursors,
): readonly Route[] {
  const accounts = createAccountStore(storage);
  const vault = createCredentialVault(storage);
  const integration = (name: string) => catalogue.integration(name);
  const tellActive = tellAccount(storage, events.publish, 'active');
  return [
    ...integrationRoutes({ catalogue, cursors }),
    integrationCapabilitiesRoute(catalogue),
    providerStatusRoute({
      ...storage,
      catalogue,
      cursors,
      listOpenCircuits: createListOpenCircuits(storage.table),
    }),
    integrationAppRoute({ catalogue, apps: createAppStore(storage) }),
    ...integratedAccountRoutes({
      accounts,
      catalogue,
      cursors,
      importAccount: createImportAccount({ accounts, vault, ids: storage.ids, integration }),
      ensureTenant: createEnsureTenant(storage),
      tellActive,
    }),
  ];
}

function layerRoutes(
  { storage, catalogue }: ControlPlaneParts,
  cursors: Cursors,
): readonly Route[] {
  const accounts = createAccountStore(storage);
  const overrides = createOverrides({
    catalogue,
    store: createOverrideStore(storage),
    confirm: createConfirmAccount({ ...storage, accounts }),
  });
  return [
    ...overrideRoutes({ overrides, accounts, cursors }),
    ...mappingRoutes({ catalogue, accounts, overrides }),
  ];
}

function syncRoutes(
  { storage, catalogue, settings, clients }: ControlPlaneParts,
  cursors: Cursors,
): readonly Route[] {
  const sync = createSync(storage);
  const sendHint = createSendHint(clients.sqs, settings);
  const schedules = createJobSchedules({
    client: clients.scheduler,
    group: settings.SCHEDULE_GROUP,
    roleArn: settings.SCHEDULE_ROLE_ARN,
    startQueueArn: settings.START_QUEUE_ARN,
    windowMinutes: settings.SCHEDULE_WINDOW_MINUTES,
  });
  return [
    ...syncJobRoutes({ jobs: sync.jobs, schedules, catalogue, cursors }),
    ...syncRunRoutes({
      ...sync,
      cursors,
      accounts: createAccountStore(storage),
      startRun: createStartRun({ ...storage, ...sync, sendHint }),
      listRuns: createListRuns({ ...storage, jobs: sync.jobs }),
      control: createRunControl({ ...storage, ...sync, sendHint }),
    }),
  ];
}

function eventRoutes(
  { storage, events, settings }: ControlPlaneParts,
  cursors: Cursors,
): readonly Route[] {
  const { ids, clock } = storage;
  const allowLoopback = settings.ALLOW_LOOPBACK_TARGETS;
  const { secrets, deliveryLog, publish } = events;
  return webhookSubscriptionRoutes({
    subscriptions: createSubscriptionStore({ ...storage, secrets, allowLoopback }),
    deliveryLog,
    cursors,
    async sendTest({ id: to, environmentId }) {
      const id = ids.make('evt');
      const data = jsonData({ webhook_subscription_id: to });
      await publish({ id, type: 'test', atMs: clock.now(), environmentId, data }, { to });
      return id;
    },
  });
}

/** Tenants are the operator's own names: an account may be the first that we hear of one. */
function createEnsureTenant(storage: Storage) {
  const tenants = createTenantStore(storage);
  return async (environmentId: EnvironmentId, tenantId: TenantId): Promise<void> => {
    try {
      await tenants.put(environmentId, tenantId, {}, 0);
    } catch (error) {
      // It is known already.
      if (!(error instanceof TenantChangedError)) throw error;
    }
  };
}
