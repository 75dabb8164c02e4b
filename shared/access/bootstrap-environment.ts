/** The first environment and the key that all other keys are made with. For the CLI and local runs. */
import type { Table } from '../aws/table.ts';
import type { Clock } from '../kernel/clock.ts';
import { createIdFactory, type EnvironmentId } from '../kernel/id.ts';
import type { Random } from '../kernel/random.ts';
import type { ApiKeyScope } from './api-key.ts';
import { createApiKeyStore } from './api-key-store.ts';
import { createEnvironmentStore, type Environment } from './environment.ts';

export interface BootstrapDeps {
  readonly table: Table;
  readonly clock: Clock;
  readonly random: Random;
}

export interface BootstrapRequest {
  readonly name: string;
  /** Default: a new id. */
  readonly environmentId?: EnvironmentId;
}

export interface Bootstrapped {
  readonly environment: Environment;
  /** Shown once: may do everything but break-glass reads. */
  readonly adminKey: string;
}

const ADMIN_SCOPES: readonly ApiKeyScope[] = ['read', 'write', 'proxy', 'sync', 'admin', 'audit'];

/** @throws ConflictError where the environment exists */
export async function bootstrapEnvironment(
  deps: BootstrapDeps,
  request: BootstrapRequest,
): Promise<Bootstrapped> {
  const id = request.environmentId ?? createIdFactory(deps.clock, deps.random).make('env');
  const environment = await createEnvironmentStore(deps).create(id, request.name);
  const wanted = { scopes: ADMIN_SCOPES, name: 'admin' };
  const { key } = await createApiKeyStore(deps).create(id, wanted);
  return { environment, adminKey: key };
}
