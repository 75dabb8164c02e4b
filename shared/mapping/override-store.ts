/**
 * Overrides as stored: the configuration of an operator, one of an environment for each integration
 * and one of an account, with the versions before it.
 *
 * Before a version gives way it is laid beside, under its own number; only then comes the next, on
 * condition that nobody was faster. What is laid there twice is the same both times, so that neither a
 * crash nor a race spoils the history. Deleting is a version too: numbers are never used again.
 *
 * Shape   `{ version, json?, updatedAtMs }`; without `json` the version is a deletion
 * Errors  {@link OverrideChangedError}
 */
import * as z from 'zod';
import {
  accountOverrideKey,
  environmentOverrideKey,
  overrideVersionKey,
  sortPrefix,
} from '../aws/keys.ts';
import { ConditionFailedError, type ItemKey, type StoredItem, type Table } from '../aws/table.ts';
import type { Clock } from '../kernel/clock.ts';
import { ContentionError } from '../kernel/errors.ts';
import type { AccountId, EnvironmentId } from '../kernel/id.ts';

export type OverrideOwner =
  | { readonly environmentId: EnvironmentId; readonly integration: string }
  | { readonly accountId: AccountId };

export interface StoredOverride {
  /** From 1, one more with every change; the ETag. */
  readonly version: number;
  /** As it was put; undefined: it was deleted. */
  readonly document: unknown;
  readonly updatedAtMs: number;
}

export interface OverrideStore {
  /** The version in force, a deletion included; undefined where there has never been one. */
  current(owner: OverrideOwner): Promise<StoredOverride | undefined>;
  /**
   * Puts the next version in place of the one that was read; no `document` deletes.
   *
   * @throws OverrideChangedError where another is in force by now
   */
  put(
    owner: OverrideOwner,
    document: unknown,
    current: StoredOverride | undefined,
  ): Promise<StoredOverride>;
  /** The last {@link KEPT_VERSIONS} and the one in force, the newest first. */
  versions(owner: OverrideOwner): Promise<readonly StoredOverride[]>;
  version(owner: OverrideOwner, version: number): Promise<StoredOverride | undefined>;
}

/** The override is another by now. */
export class OverrideChangedError extends ContentionError {
  override readonly name = 'OverrideChangedError';
  readonly code = 'conflict';
}

/** Enough to find the change that broke something; an override may have 64 KB. */
export const KEPT_VERSIONS = 20;

const stored = z.object({
  version: z.int().positive(),
  json: z.string().optional(),
  updatedAtMs: z.int(),
});

export function createOverrideStore(deps: {
  readonly table: Table;
  readonly clock: Pick<Clock, 'now'>;
}): OverrideStore {
  const { table, clock } = deps;
  const current = createReadOverride(table);
  return {
    current,

    async put(owner, document, before) {
      const key = overrideKey(owner);
      const version = (before?.version ?? 0) + 1;
      const next = { version, document, updatedAtMs: clock.now() };
      if (before)
        await table.put({ ...overrideVersionKey(key, before.version), ...asItem(before) });
      try {
        await table.put({ ...key, ...asItem(next) }, unchanged(before));
      } catch (error) {
        if (!(error instanceof ConditionFailedError)) throw error;
        throw new OverrideChangedError('the override was changed meanwhile', {}, { cause: error });
      }
      const outdated = version - 1 - KEPT_VERSIONS;
      if (outdated > 0) await table.delete(overrideVersionKey(key, outdated));
      return next;
    },

    async versions(owner) {
      const head = await current(owner);
      if (!head) return [];
      const older = await readVersions(table, overrideKey(owner));
      // A version may lie beside itself, where its successor never came.
      return [head, ...older.filter(({ version }) => version < head.version)];
    },

    async version(owner, version) {
      const head = await current(owner);
      if (!head || version >= head.version) return version === head?.version ? head : undefined;
      const item = await table.get(overrideVersionKey(overrideKey(owner), version));
      return item && fromItem(item);
    },
  };
}

/** The version in force, for whoever only applies it. */
export function createReadOverride(table: Pick<Table, 'get'>): OverrideStore['current'] {
  return async (owner) => {
    const item = await table.get(overrideKey(owner));
    return item && fromItem(item);
  };
}

function overrideKey(owner: OverrideOwner): ItemKey {
  if ('accountId' in owner) return accountOverrideKey(owner.accountId);
  return environmentOverrideKey(owner.environmentId, owner.integration);
}

function unchanged(before: StoredOverride | undefined) {
  if (!before) return { when: 'attribute_not_exists(#pk)' };
  return { when: '#version = :version', values: { version: before.version } };
}

async function readVersions(
  table: Pick<Table, 'query'>,
  { pk }: ItemKey,
): Promise<readonly StoredOverride[]> {
  const found: StoredOverride[] = [];
  let start: string | undefined;
  do {
    const page = await table.query({
      partition: pk,
      sort: { beginsWith: sortPrefix.overrideVersion },
      descending: true,
      consistent: true,
      ...(start === undefined ? {} : { start }),
    });
    found.push(...page.items.map(fromItem));
    start = page.next;
  } while (start !== undefined);
  return found;
}

function asItem({ version, document, updatedAtMs }: StoredOverride) {
  return {
    version,
    updatedAtMs,
    ...(document === undefined ? {} : { json: JSON.stringify(document) }),
  };
}

function fromItem(item: StoredItem): StoredOverride {
  const { version, json, updatedAtMs } = stored.parse(item);
  return { version, updatedAtMs, document: json === undefined ? undefined : JSON.parse(json) };
}
