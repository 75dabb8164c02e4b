/** Tables, sealing and ids: what every use case of ours stands on. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';
import { createDynamoTable } from '../../aws/dynamo-table.ts';
import type { Table } from '../../aws/table.ts';
import { createSealer } from '../../encryption/create-sealer.ts';
import type { Sealer } from '../../encryption/sealer.ts';
import { createTenantKeyRing } from '../../encryption/tenant-key-ring.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { createIdFactory, type IdFactory } from '../../kernel/id.ts';
import { type Random, systemRandom } from '../../kernel/random.ts';

export const storageSettings = {
  MAIN_TABLE: z.string().min(1),
  KEYS_TABLE: z.string().min(1),
  /** The KMS key that wraps tenants' keys. */
  KEK_ARN: z.string().min(1),
} as const;

export interface Storage {
  readonly table: Table;
  readonly keysTable: Table;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdFactory;
}

export function createStorage(
  settings: { readonly MAIN_TABLE: string; readonly KEYS_TABLE: string; readonly KEK_ARN: string },
  clients: { readonly dynamo: DynamoDBClient; readonly kms: KMSClient },
): Storage {
  const ground = { clock: systemClock, random: systemRandom };
  const keysTable = createDynamoTable(clients.dynamo, settings.KEYS_TABLE);
  const keyRing = createTenantKeyRing({
    ...ground,
    keysTable,
    kms: clients.kms,
    kekArn: settings.KEK_ARN,
  });
  return {
    ...ground,
    table: createDynamoTable(clients.dynamo, settings.MAIN_TABLE),
    keysTable,
    sealer: createSealer({ keyRing, random: ground.random }),
    ids: createIdFactory(ground.clock, ground.random),
  };
}
