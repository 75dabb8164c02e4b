/** What the checks of each service share. */
import type { SendHttp } from '../../shared/http/http-message.ts';
import type { Catalogue } from '../../shared/integration/catalogue/catalogue.ts';
import { isJsonObject, type Json, type JsonObject } from '../../shared/kernel/json.ts';
import type { Checks } from '../support/checks.ts';

export interface Tier {
  readonly checks: Checks;
  readonly catalogue: Catalogue;
  /** Of the service, on loopback. */
  readonly url: string;
  readonly send: SendHttp;
}

/** The service itself, asked without us. */
export async function ask(
  url: string,
  init: { readonly method?: string; readonly token?: string; readonly body?: Json } = {},
): Promise<Json> {
  const { method = init.body === undefined ? 'GET' : 'POST', token = 'anybody', body } = init;
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return text === '' ? null : JSON.parse(text);
}

/** What stands at the end of a path of names; null where nothing does. */
export function at(value: Json | undefined, ...path: readonly string[]): Json {
  const [name, ...rest] = path;
  if (name === undefined) return value ?? null;
  return isJsonObject(value) ? at(value[name], ...rest) : null;
}

export function rows(value: Json): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** Whether two lists name the same things, in whatever order. */
export function sameIds(ours: readonly Json[], theirs: readonly Json[]): boolean {
  const sorted = (ids: readonly Json[]) => ids.map(String).sort().join();
  return ours.length === theirs.length && sorted(ours) === sorted(theirs);
}

export function idsOf(records: readonly JsonObject[], name = 'id'): readonly Json[] {
  return records.map((record) => record[name] ?? null);
}
