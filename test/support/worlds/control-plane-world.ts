/**
 * The control plane as control-api wires it, over DynamoDB in memory and doubles of the other
 * services that note what they are asked.
 */
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { ApiKeyScope } from '#shared/access/api-key.ts';
import { createApiKeyStore } from '#shared/access/api-key-store.ts';
import type { ApiAnswer, ServeApi } from '#shared/api/http/api-message.ts';
import { loadCatalogue } from '#shared/integration/catalogue/catalogue.ts';
import { readCatalogueFolder } from '#shared/integration/catalogue/read-catalogue.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { brandId, createIdFactory } from '#shared/kernel/id.ts';
import { systemRandom } from '#shared/kernel/random.ts';
import { createApi } from '#shared/runtime/compose/api.ts';
import { controlPlaneRoutes } from '#shared/runtime/compose/control-plane.ts';
import { createEvents } from '#shared/runtime/compose/events.ts';
import type { Storage } from '#shared/runtime/compose/storage.ts';
import { aRequest, aSealer } from '../builders/api-requests.ts';
import { aQuietTelemetry } from '../doubles/quiet-telemetry.ts';
import { startDynamo } from '../servers/dynamo.ts';

export const ENVIRONMENT = brandId<'env'>('env_TEST');

/** What a service was asked: the command's name and its input. */
export interface Asked {
  readonly command: string;
  readonly input: Record<string, unknown>;
}

export interface ControlPlane {
  readonly storage: Storage;
  readonly asked: Asked[];
  /** Sends a request as a key that may do everything. */
  call(method: string, path: string, body?: unknown, headers?: object): Promise<ApiAnswer>;
  keyWith(scopes: readonly ApiKeyScope[]): Promise<string>;
  readonly serve: ServeApi;
  stop(): Promise<void>;
}

const ALL: readonly ApiKeyScope[] = ['read', 'write', 'proxy', 'sync', 'admin', 'audit'];

export async function startControlPlane(): Promise<ControlPlane> {
  const dynamo = await startDynamo();
  const asked: Asked[] = [];
  const storage: Storage = {
    table: dynamo.table,
    keysTable: dynamo.keysTable,
    sealer: aSealer(),
    clock: systemClock,
    random: systemRandom,
    ids: createIdFactory(systemClock, systemRandom),
  };
  const clients = {
    sqs: noting(new SQSClient({ region: 'eu-central-1' }), asked),
    s3: noting(new S3Client({ region: 'eu-central-1' }), asked),
    scheduler: noting(new SchedulerClient({ region: 'eu-central-1' }), asked),
  };
  const settings = {
    ALLOW_LOOPBACK_TARGETS: false,
    DELIVERY_QUEUE_URL: 'https://queue/delivery',
    STEP_QUEUE_URL: 'https://queue/step',
    CLAIMS_BUCKET: 'claims',
    CLAIM_TTL_MS: 60_000,
    SCHEDULE_GROUP: 'sync',
    SCHEDULE_ROLE_ARN: 'arn:aws:iam::1:role/fire',
    START_QUEUE_ARN: 'arn:aws:sqs:eu-central-1:1:start',
    SCHEDULE_WINDOW_MINUTES: 0,
  };
  const catalogue = loadCatalogue(await readCatalogueFolder(['integrations']));
  const events = createEvents(storage, settings, clients);
  const routes = controlPlaneRoutes({ storage, catalogue, events, settings, clients });
  const limits = { maxBodyBytes: 100_000, attemptMs: 60_000 };
  const serve = createApi(storage, aQuietTelemetry(), routes, limits);
  const keyWith = async (scopes: readonly ApiKeyScope[]) =>
    (await createApiKeyStore(storage).create(ENVIRONMENT, { scopes })).key;
  const key = await keyWith(ALL);
  return {
    storage,
    asked,
    serve,
    keyWith,
    call: (method, path, body, headers = {}) =>
      serve(aRequest(method, path, body, { authorization: `Bearer ${key}`, ...headers })),
    stop: dynamo.stop,
  };
}

/** A client that answers everything with nothing. */
function noting<Client extends { send: unknown }>(client: Client, asked: Asked[]): Client {
  return Object.assign(client, {
    send: async (command: { input: Record<string, unknown> }) => {
      asked.push({ command: command.constructor.name, input: command.input });
      return {};
    },
  });
}
