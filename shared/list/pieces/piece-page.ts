/** One page of one piece of a list. */
import type { Json } from '../../kernel/json.ts';
import type { ListCall, ListedPage } from '../list-call.ts';

/** A page, and what it was asked for with in the end. */
export interface PiecePage extends ListedPage {
  readonly params: ListCall['params'];
  readonly parent: Readonly<Record<string, unknown>>;
  /** Asks for this very page again; undefined: the first. */
  readonly at: Json | undefined;
}

export type ReadPiece = (call: ListCall) => Promise<PiecePage>;
