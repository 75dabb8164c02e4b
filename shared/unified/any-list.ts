/** One page of any list of any method, over one way to providers: piece by piece where it must be. */
import type { Clock } from '../kernel/clock.ts';
import type { ListPage } from '../list/list-call.ts';
import { createListPage } from '../list/list-page.ts';
import { createPiecewiseList } from '../list/pieces/piecewise-list.ts';
import type { CallProvider } from '../provider/provider-client.ts';

export function createAnyList(callProvider: CallProvider, clock: Clock): ListPage {
  return createPiecewiseList(createListPage(callProvider, clock), { callProvider, clock });
}
