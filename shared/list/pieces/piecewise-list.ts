/**
 * Any list of any method, one page a call: the pieces that it must be asked for in, the chunks of
 * fields of each, the job that prepares each, and then the pages.
 *
 * What a method does not declare is not there: its cursors are those of the floor below.
 *
 * Errors  those of ListPage and of each of the floors
 */

import { createChunkedList } from '../fields/chunked-list.ts';
import { createReadNames } from '../fields/names.ts';
import { createJobList, type JobDeps } from '../job/job-list.ts';
import type { ListPage } from '../list-call.ts';
import { createReadPiece } from './partitioned-list.ts';

/** @param listPage one page of one piece */
export function createPiecewiseList(listPage: ListPage, deps: JobDeps): ListPage {
  // Fields are described by lists that may themselves be asked for piece by piece.
  const readNames = createReadNames((call) => list(call), deps.clock);
  const chunked = createChunkedList(createJobList(listPage, deps), readNames);
  const readPiece = createReadPiece(chunked, deps.clock);
  const list: ListPage = async (call) => {
    const { parent: _parent, at: _at, params, ...page } = await readPiece(call);
    return params === call.params ? page : { ...page, params };
  };
  return list;
}
