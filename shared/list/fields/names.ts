/**
 * Names that a provider tells of at run time: fields that must be named to be had, resources that
 * one account has and another has not.
 *
 * Units   kept for {@link KEPT_MS} an account and listing; at most {@link MAX_PAGES} pages are read
 * Errors  those of ListPage; ProviderError where the names go on without end
 */

import { evaluateOr } from '../../expression/evaluate-or.ts';
import type { Expression } from '../../expression/expression.ts';
import { knownParams, type Listing } from '../../integration/pieces/partition.ts';
import type { Clock } from '../../kernel/clock.ts';
import { canonicalJson } from '../../kernel/json.ts';
import { structuralError } from '../../provider/classify.ts';
import type { ListCall, ListedRecord, ListPage } from '../list-call.ts';
import { listed } from '../pieces/unit-pages.ts';

/** On whose behalf; `params` fix what the listing would go through piece by piece. */
export type NamesCall = Pick<ListCall, 'requestId' | 'account' | 'integration' | 'params'>;

export type NamesFrom = Listing & { readonly name: Expression };

export type ReadNames = (call: NamesCall, from: NamesFrom) => Promise<readonly string[]>;

const KEPT_MS = 300_000;
const MAX_PAGES = 100;
/** Accounts whose names are kept at once. */
const MAX_KEPT = 200;

interface Kept {
  readonly names: Promise<readonly string[]>;
  readonly untilMs: number;
}

export function createReadNames(listPage: ListPage, clock: Clock): ReadNames {
  const kept = new Map<string, Kept>();
  return async (given, from) => {
    const call = { ...given, params: paramsFor(given, from) };
    const key = keyOf(call, from);
    const known = kept.get(key);
    if (known && clock.now() < known.untilMs) return known.names;
    const names = collect(listPage, call, from);
    // The oldest stands first.
    kept.delete(key);
    kept.set(key, { names, untilMs: clock.now() + KEPT_MS });
    const [oldest] = kept.keys();
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    // Never keep a failure.
    names.catch(() => kept.delete(key));
    return names;
  };
}

/** What the listing does not know cannot change its names: a list in pieces asks for them once. */
function paramsFor(call: NamesCall, from: NamesFrom): NamesCall['params'] {
  const known = knownParams(listed(call, from).method);
  return Object.fromEntries(Object.entries(call.params).filter(([name]) => known.includes(name)));
}

function keyOf({ account, params }: NamesCall, { resource, method, name }: NamesFrom): string {
  return canonicalJson([account.id, account.version, resource, method, name.text, params]);
}

async function collect(
  listPage: ListPage,
  call: NamesCall,
  from: NamesFrom,
): Promise<readonly string[]> {
  const { requestId, account, integration, params } = call;
  const first: ListCall = {
    ...{ requestId, account, integration, params, query: {} },
    ...listed(call, from),
  };
  const names = new Set<string>();
  let asked = first;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await listPage(asked);
    for (const record of page.records) {
      const name = nameOf(record, from.name);
      if (name !== undefined) names.add(name);
    }
    if (page.next === undefined) return [...names];
    asked = { ...first, cursor: page.next };
  }
  throw structuralError(integration.name, 200, 'the names to be asked for go on without end');
}

/** A field that cannot be described is not asked for; the list goes on without it. */
function nameOf(record: ListedRecord, expression: Expression): string | undefined {
  if (record.kind !== 'record') return undefined;
  const name = evaluateOr(undefined, () => expression.evaluate(record.value.reveal()));
  return typeof name === 'string' && name !== '' ? name : undefined;
}
