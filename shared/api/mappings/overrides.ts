/**
 * Overrides of mappings: what an environment changes of an integration, and an account of its own.
 * They are configuration; none of them ever holds a record.
 */
import type { AccountStore } from '../../account/account-store.ts';
import { isoTime } from '../../kernel/clock.ts';
import { NotFoundError } from '../../kernel/errors.ts';
import { brandId, type EnvironmentId } from '../../kernel/id.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import type { Overrides, OverrideTarget } from '../../mapping/change-override.ts';
import type { StoredOverride } from '../../mapping/override-store.ts';
import { EtagMismatchError, ifMatches, requireMatch, versionEtag } from '../http/etag.ts';
import { type Cursors, listReply, type PageRequest } from '../http/list.ts';
import { type Reply, type Route, route } from '../http/route.ts';
import {
  accountOverride,
  environmentOverride,
  type OverrideEndpoints,
  type OverrideView,
} from './override-endpoints.ts';
import { checkOverrideSize } from './override-size.ts';

export interface OverrideRouteDeps {
  readonly overrides: Overrides;
  readonly accounts: Pick<AccountStore, 'get'>;
  readonly cursors: Cursors;
}

const VERSION = /^[1-9]\d{0,7}$/;

type TargetOf = (
  environmentId: EnvironmentId,
  params: Readonly<Record<string, string>>,
) => Promise<OverrideTarget>;

export function overrideRoutes({ overrides, accounts, cursors }: OverrideRouteDeps) {
  const ofEnvironment: TargetOf = async (environmentId, { name = '' }) => ({
    environmentId,
    integration: name,
  });
  const ofAccount: TargetOf = async (environmentId, { id = '' }) => {
    const account = await accounts.get(environmentId, brandId<'ia'>(id));
    return { environmentId, integration: account.integration, account };
  };
  return [
    ...changes(environmentOverride, ofEnvironment, overrides),
    ...reads(environmentOverride, ofEnvironment, overrides, cursors),
    ...changes(accountOverride, ofAccount, overrides),
    ...reads(accountOverride, ofAccount, overrides, cursors),
  ];
}

function changes(
  endpoints: OverrideEndpoints,
  targetOf: TargetOf,
  overrides: Overrides,
): readonly Route[] {
  return [
    route(endpoints.put, {
      async run({ params, body, caller, ifMatch }) {
        checkOverrideSize(body);
        const target = await targetOf(caller.environmentId, params);
        let isNew = false;
        const put = await changed(ifMatch, (permit) =>
          overrides.put(target, body, (before) => {
            isNew = before?.document === undefined;
            permit(before);
          }),
        );
        return { ...shown(target, put), status: isNew ? 201 : 200 };
      },
    }),
    route(endpoints.remove, {
      async run({ params, caller, ifMatch }) {
        const target = await targetOf(caller.environmentId, params);
        await changed(ifMatch, (permit) => overrides.delete(target, permit));
        return { id: target.account?.id ?? target.integration };
      },
      recall: async (id) => ({ id }),
    }),
    route(endpoints.rollback, {
      async run({ params, body: { version }, caller, ifMatch }) {
        const target = await targetOf(caller.environmentId, params);
        const put = await changed(ifMatch, (permit) => overrides.rollBack(target, version, permit));
        return { ...shown(target, put), id: target.account?.id ?? target.integration };
      },
      async recall(_id, { params, caller }) {
        const target = await targetOf(caller.environmentId, params);
        return shown(target, await inForce(target, overrides));
      },
    }),
  ];
}

function reads(
  endpoints: OverrideEndpoints,
  targetOf: TargetOf,
  overrides: Overrides,
  cursors: Cursors,
): readonly Route[] {
  return [
    route(endpoints.read, {
      async run({ params, caller }) {
        const target = await targetOf(caller.environmentId, params);
        return shown(target, await inForce(target, overrides));
      },
    }),
    route(endpoints.version, {
      async run({ params, caller }) {
        const { version = '' } = params;
        if (!VERSION.test(version)) throw new NotFoundError('there is no such version');
        const target = await targetOf(caller.environmentId, params);
        return shown(target, await overrides.version(target, Number(version)));
      },
    }),
    route(endpoints.versions, {
      async run({ params, query, caller: { environmentId } }) {
        const target = await targetOf(environmentId, params);
        const all = await overrides.versions(target);
        return listReply({
          cursors,
          list: { environmentId, path: endpoints.versions.path, filters: params },
          query,
          fetch: async (page) => pageOf(all, page),
          view: (one) => ({
            version: one.version,
            updated_at: isoTime(one.updatedAtMs),
            deleted: one.document === undefined,
            in_force: one === all[0] && one.document !== undefined,
          }),
        });
      },
    }),
  ];
}

async function inForce(target: OverrideTarget, overrides: Overrides): Promise<StoredOverride> {
  const found = await overrides.read(target);
  if (!found) throw new NotFoundError('there is no override');
  return found;
}

/** `If-Match` is judged against the very version that the write is then conditional on. */
async function changed<Result>(
  ifMatch: string | undefined,
  change: (permit: (before: StoredOverride | undefined) => void) => Promise<Result>,
): Promise<Result> {
  const run = () =>
    change((before) => {
      if (before?.document !== undefined) requireMatch(ifMatch, versionEtag(before.version));
      else if (ifMatch !== undefined) {
        throw new EtagMismatchError('there is nothing that could match');
      }
    });
  // What `run` cannot judge is the race between its read and its write.
  return ifMatch === undefined ? run() : ifMatches('*', { version: 0 }, run);
}

/** The newest first; `start` is the version that the page before ended with. */
function pageOf(all: readonly StoredOverride[], { limit, start }: PageRequest) {
  const rest = all.filter(({ version }) => start === undefined || version < Number(start));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rest.length > limit && last ? String(last.version) : undefined };
}

function shown(target: OverrideTarget, stored: StoredOverride): Reply<OverrideView> {
  return {
    etag: versionEtag(stored.version),
    body: {
      integration: target.integration,
      integrated_account_id: target.account?.id ?? null,
      version: stored.version,
      updated_at: isoTime(stored.updatedAtMs),
      mappings: mappingsOf(stored.document),
    },
  };
}

/** As it was put, also where a newer version of ours would no longer take it. */
function mappingsOf(document: unknown): JsonObject {
  const mappings = isJsonObject(document) ? document['mappings'] : undefined;
  return isJsonObject(mappings) ? mappings : {};
}
