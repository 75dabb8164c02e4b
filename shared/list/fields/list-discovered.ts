/** What an account has of a resource that stands for many: the names that callers may say. */
import type { Resource } from '../../integration/method/plan.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ListPage } from '../list-call.ts';
import { createReadNames, type NamesCall } from './names.ts';

/** Empty for a resource that is one. */
export type ListDiscovered = (
  call: Omit<NamesCall, 'params'>,
  resource: Pick<Resource, 'discovered'>,
) => Promise<readonly string[]>;

/** @param listPage of createPiecewiseList */
export function createListDiscovered(listPage: ListPage, clock: Clock): ListDiscovered {
  const readNames = createReadNames(listPage, clock);
  return async (call, { discovered }) => {
    if (!discovered) return [];
    return readNames({ ...call, params: {} }, { ...discovered.from, name: discovered.name });
  };
}
