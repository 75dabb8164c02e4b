/**
 * A fixture for a list that has none: one record where the integration looks for records, and
 * nothing more. It shows nothing about the provider; it is enough to misbehave with.
 */

import type { Method } from '#shared/integration/method/plan.ts';
import type { Pagination } from '#shared/integration/paging/plan.ts';
import { isJsonObject, type Json } from '#shared/kernel/json.ts';
import { createEngineUnderTest } from '../engine/engine-under-test.ts';
import { castOf } from '../engine/replay.ts';
import { toResponse } from '../engine/scripted-send.ts';
import type { Exchange, Fixture, FixtureAnswer } from '../fixtures/fixture.ts';
import { plainPath } from '../lint/syntax.ts';
import type { OpenedIntegration } from '../open-folder.ts';
import { moreMembers } from './flags.ts';
import { withMember } from './members.ts';

export interface MadeUp {
  readonly fixture: Fixture;
  readonly operations: readonly string[];
}

/** Undefined where a page cannot be made up, or the engine does not take it for one. */
export async function makeUpFixture(
  opened: OpenedIntegration,
  place: { readonly resource: string; readonly method: Method },
  others: readonly Fixture[],
): Promise<MadeUp | undefined> {
  const [model] = others;
  const { resource, method } = place;
  const [root, ...path] = (method.records && plainPath(method.records.text)) ?? [];
  if (!model || root !== 'body' || method.job || method.properties || method.decode)
    return undefined;
  const item = recordWithId(opened.compiled.resources[resource]?.id?.text);
  for (const page of lastPages(method.pagination, path, item)) {
    const draft = fixtureOf(model, place, [page, emptied(page, path)]);
    const made = await probe(opened, draft);
    if (made) return made;
  }
  return undefined;
}

function recordWithId(id: string | undefined): Json {
  const path = (id === undefined ? undefined : plainPath(id)) ?? ['id'];
  return withMember(undefined, path, '1');
}

const SAYS_END: readonly Json[] = [false, 0, true, ''];

/** Pages that may be the last: the engine will say. */
function lastPages(
  pagination: Pagination,
  path: readonly string[],
  item: Json,
): readonly FixtureAnswer[] {
  const body = withMember(undefined, path, [item]);
  const flags = moreMembers(pagination).filter((one) => !startsWith(one, path));
  const bodies = SAYS_END.map((value) =>
    flags.reduce<Json>((held, flag) => withMember(held, flag, value), body),
  );
  return [body, ...bodies].map((one) => ({ status: 200, headers: {}, body: one }));
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((name, index) => path[index] === name);
}

function emptied(page: FixtureAnswer, path: readonly string[]): FixtureAnswer {
  return { ...page, body: withMember(page.body, path, []) };
}

function fixtureOf(
  { auth, connection, credential }: Fixture,
  { resource, method }: { readonly resource: string; readonly method: Method },
  answers: readonly FixtureAnswer[],
): Fixture {
  const exchanges = answers.map((answer): Exchange => {
    const request = { method: method.httpMethod, url: 'https://made-up.example/', headers: {} };
    return { request, answer };
  });
  const query = Object.fromEntries(method.params.map((param) => [param, '1']));
  return {
    resource,
    method: method.name,
    auth,
    connection,
    credential,
    query,
    exchanges,
    expect: { records: [] },
  };
}

/** Lists it, and keeps what was asked and what came of it. */
async function probe(opened: OpenedIntegration, draft: Fixture): Promise<MadeUp | undefined> {
  const exchanges: Exchange[] = [];
  const engine = createEngineUnderTest({
    catalogue: opened.catalogue,
    cast: castOf(opened.catalogue, opened.compiled.name, draft),
    send: async ({ method, url }) => {
      const answer = draft.exchanges[Math.min(exchanges.length, 1)]?.answer ?? PAGELESS;
      exchanges.push({ request: { method, url: url.href, headers: {} }, answer });
      return toResponse(answer);
    },
  });
  try {
    const { resource = '', method = '', query } = draft;
    const records = await engine.list({ resource, method, query, maxPages: 3 });
    if (records.length !== 1 || !isJsonObject(records[0])) return undefined;
    const fixture = { ...draft, exchanges, expect: { records: records.map(asJson) } };
    return { fixture, operations: engine.calls.map(({ operation }) => operation) };
  } catch {
    // The engine does not take it for a page: then there is nothing to misbehave with.
    return undefined;
  }
}

const PAGELESS: FixtureAnswer = { status: 500, headers: {} };

function asJson(value: unknown): Json {
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}
