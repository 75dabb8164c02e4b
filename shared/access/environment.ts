/** An environment: an isolated space of the operator. Everything else belongs to exactly one. */
import * as z from 'zod';
import { environmentKey } from '../aws/keys.ts';
import { ConditionFailedError, type Table } from '../aws/table.ts';
import type { Clock } from '../kernel/clock.ts';
import { ConflictError, NotFoundError } from '../kernel/errors.ts';
import { brandId, type EnvironmentId } from '../kernel/id.ts';

export interface Environment {
  readonly id: EnvironmentId;
  readonly name: string;
  readonly createdAtMs: number;
}

export interface EnvironmentStore {
  /** @throws ConflictError where it exists */
  create(id: EnvironmentId, name: string): Promise<Environment>;
  /** @throws NotFoundError */
  get(id: EnvironmentId): Promise<Environment>;
}

const storedEnvironment = z.object({
  id: z.string().transform((id) => brandId<'env'>(id)),
  name: z.string(),
  createdAtMs: z.int(),
}) satisfies z.ZodType<Environment>;

export interface EnvironmentStoreDeps {
  readonly table: Table;
  readonly clock: Clock;
}

export function createEnvironmentStore({ table, clock }: EnvironmentStoreDeps): EnvironmentStore {
  return {
    async create(id, name) {
      const environment = { id, name, createdAtMs: clock.now() };
      try {
        await table.put(
          { ...environmentKey(id), ...environment },
          { when: 'attribute_not_exists(#pk)' },
        );
      } catch (error) {
        if (!(error instanceof ConditionFailedError)) throw error;
        throw new ConflictError('the environment exists already', {}, { cause: error });
      }
      return environment;
    },

    async get(id) {
      const item = await table.get(environmentKey(id));
      if (!item) throw new NotFoundError('the environment does not exist');
      return storedEnvironment.parse(item);
    },
  };
}
