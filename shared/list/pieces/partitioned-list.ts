/**
 * Lists that are asked for piece by piece: the children of each parent, the values of a list, each
 * with each where a method has several partitions. One page of one piece a call.
 *
 * A parent's page that is not what it was starts again: what was listed is listed twice, nothing is
 * passed over. A page that was read in this process is remembered and cannot drift.
 *
 * Errors  those of ListPage and of the place, see place.ts
 */
import type { Clock } from '../../kernel/clock.ts';
import type { ListCall, ListPage } from '../list-call.ts';
import { type Descent, descend, placeAfter, placeAt } from './descend.ts';
import type { PiecePage, ReadPiece } from './piece-page.ts';
import { type Place, placeJson, readPlace } from './place.ts';
import { createUnitPages } from './unit-pages.ts';

export function createReadPiece(inner: ListPage, clock: Clock): ReadPiece {
  // Parents may have partitions of their own.
  const unitPage = createUnitPages((call) => read(call), clock);
  const read: ReadPiece = async (call) => {
    const open = call.method.partitions.filter(({ param }) => !Object.hasOwn(call.params, param));
    if (open.length === 0) {
      return { ...(await inner(call)), params: call.params, parent: {}, at: call.cursor };
    }
    const descent = await descend(call, open, readPlace(call.cursor, open.length), unitPage);
    return descent.isAtPiece ? readInner(call, descent, inner) : passOver(call, descent);
  };
  return read;
}

async function readInner(call: ListCall, descent: Descent, inner: ListPage): Promise<PiecePage> {
  const { levels, params, parent, rejected } = descent;
  const { cursor: _, ...piece } = { ...call, params, scope: { ...call.scope, parent } };
  const cursor = descent.inner;
  const page = await inner(cursor === undefined ? piece : { ...piece, cursor });
  const json = (place: Place) => placeJson(place, call.integration.name);
  const after = page.next === undefined ? placeAfter(levels) : placeAt(levels, page.next);
  return {
    records: rejected.length === 0 ? page.records : [...rejected, ...page.records],
    ...(after === undefined ? {} : { next: json(after) }),
    ...(page.rateLimit ? { rateLimit: page.rateLimit } : {}),
    params,
    parent,
    at: json(placeAt(levels, cursor)),
  };
}

/** A page of parents that has none. */
function passOver(call: ListCall, { levels, params, parent, rejected }: Descent): PiecePage {
  const after = placeAfter(levels);
  return {
    records: rejected,
    ...(after === undefined ? {} : { next: placeJson(after, call.integration.name) }),
    params,
    parent,
    at: call.cursor,
  };
}
