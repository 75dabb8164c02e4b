/** Pages of a partition's values: given ones as one page, parents' as the provider pages them. */
import type { Listing, Partition } from '../../integration/pieces/partition.ts';
import type { Clock } from '../../kernel/clock.ts';
import { invariant } from '../../kernel/invariant.ts';
import { canonicalJson, type Json } from '../../kernel/json.ts';
import type { ListCall } from '../list-call.ts';
import type { ReadUnitPage } from './descend.ts';
import type { ReadPiece } from './piece-page.ts';
import { createRecentPages } from './recent-pages.ts';
import { givenUnits, parentUnits, type UnitPage } from './units.ts';

export function createUnitPages(read: ReadPiece, clock: Clock): ReadUnitPage {
  const recent = createRecentPages(clock);
  return async (call, partition, frame) => {
    const units = givenUnits(partition, call.account, call.integration.name);
    if (units) return { units, rejected: [], at: undefined, next: undefined };
    const asked = askParents(call, partition);
    const keyOf = (at: Json | undefined) =>
      canonicalJson([...namesOf(call, partition, asked), at ?? null]);
    // A page that is come to for the first time is asked for: a list that begins sees what is now.
    const known = frame?.hash !== undefined && recent.find(call.account, keyOf(frame.cursor));
    if (known) return known;
    const cursor = frame?.cursor;
    const page = await read(cursor === undefined ? asked : { ...asked, cursor });
    const made: UnitPage = { ...parentUnits(partition, page), at: page.at, next: page.next };
    recent.keep(call.account, keyOf(page.at), made);
    return made;
  };
}

/** Whose values, and of which list: two partitions take different values from the same parents. */
function namesOf(call: ListCall, { param }: Partition, asked: ListCall): readonly Json[] {
  const { resource, method } = call;
  return [resource.name, method.name, param, asked.params, asked.sinceMs ?? null];
}

function askParents(call: ListCall, { parent, changedOnly }: Partition): ListCall {
  invariant(parent !== undefined, 'a partition without a parent has values');
  const { requestId, account, integration, params, sinceMs } = call;
  const listing = { requestId, account, integration, ...listed(call, parent), params, query: {} };
  return changedOnly ? { ...listing, sinceMs } : listing;
}

/** What a listing of the integration names: compiled integrations name nothing else. */
export function listed(
  { integration }: Pick<ListCall, 'integration'>,
  { resource: name, method: methodName }: Listing,
): Pick<ListCall, 'resource' | 'method'> {
  const resource = integration.resources[name];
  const method = resource?.methods[methodName];
  invariant(resource && method, 'a listing names a method of the integration');
  return { resource, method };
}
