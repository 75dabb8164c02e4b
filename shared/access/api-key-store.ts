/**
 * API keys of an environment.
 *
 * Errors  NotFoundError, also for a key of another environment
 */
import * as z from 'zod';
import { apiKeyKey, apiKeyListing, environmentPartition, listingPrefix } from '../aws/keys.ts';
import { type ListPage, listItems } from '../aws/listing.ts';
import { ConditionFailedError, type Table } from '../aws/table.ts';
import type { Clock } from '../kernel/clock.ts';
import { NotFoundError } from '../kernel/errors.ts';
import { type ApiKeyId, brandId, createIdFactory, type EnvironmentId } from '../kernel/id.ts';
import type { Random } from '../kernel/random.ts';
import { type ApiKey, type ApiKeyScope, apiKeyScope, makeKeyText } from './api-key.ts';

export interface NewApiKey {
  readonly scopes: readonly ApiKeyScope[];
  readonly name?: string;
}

/** An API key with what proves it. */
export interface StoredApiKey extends ApiKey {
  readonly secretHash: Uint8Array;
}

export interface ApiKeyStore {
  /** `key` is the only sight of the whole key, ever. */
  create(
    environmentId: EnvironmentId,
    wanted: NewApiKey,
  ): Promise<{ readonly apiKey: ApiKey; readonly key: string }>;
  find(id: ApiKeyId): Promise<StoredApiKey | undefined>;
  list(
    environmentId: EnvironmentId,
    page: { readonly limit: number; readonly start?: string | undefined },
  ): Promise<ListPage<ApiKey>>;
  /** Ends the key; processes that know it honour it for at most a minute. @throws NotFoundError */
  delete(environmentId: EnvironmentId, id: ApiKeyId): Promise<void>;
}

const publicMembers = {
  id: z.string().transform((id) => brandId<'key'>(id)),
  environmentId: z.string().transform((id) => brandId<'env'>(id)),
  scopes: z.array(apiKeyScope),
  name: z.string().exactOptional(),
  createdAtMs: z.int(),
};
const listedApiKey = z.object(publicMembers) satisfies z.ZodType<ApiKey>;
const storedApiKey = z.object({
  ...publicMembers,
  secretHash: z.instanceof(Uint8Array),
}) satisfies z.ZodType<StoredApiKey>;

export interface ApiKeyStoreDeps {
  readonly table: Table;
  readonly clock: Clock;
  readonly random: Random;
}

export function createApiKeyStore({ table, clock, random }: ApiKeyStoreDeps): ApiKeyStore {
  const ids = createIdFactory(clock, random);
  return {
    async create(environmentId, wanted) {
      const id = ids.make('key');
      const { text, secretHash } = makeKeyText(id, random);
      const apiKey: ApiKey = { ...wanted, id, environmentId, createdAtMs: clock.now() };
      await table.put(
        {
          ...apiKeyKey(id),
          ...apiKeyListing(environmentId, id),
          ...apiKey,
          secretHash,
        },
        { when: 'attribute_not_exists(#pk)' },
      );
      return { apiKey, key: text };
    },

    async find(id) {
      const item = await table.get(apiKeyKey(id));
      return item && storedApiKey.parse(item);
    },

    list: (environmentId, { limit, start }) =>
      listItems(table, {
        partition: environmentPartition(environmentId),
        prefix: listingPrefix.apiKey,
        parse: (item) => listedApiKey.parse(item),
        limit,
        start,
      }),

    async delete(environmentId, id) {
      const mine = { when: '#environmentId = :environmentId', values: { environmentId } };
      try {
        await table.delete(apiKeyKey(id), mine);
      } catch (error) {
        if (!(error instanceof ConditionFailedError)) throw error;
        throw new NotFoundError('the api key does not exist', {}, { cause: error });
      }
    },
  };
}
