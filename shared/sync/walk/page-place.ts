/**
 * One fetched page, and the positions of a run that stands on it: in the middle of its records, at
 * the children of one of them, or behind it.
 */
import type { JsonObject } from '../../kernel/json.ts';
import type { Transient } from '../../kernel/transient.ts';
import type { PageCursor, SourcePage } from '../../unified/fetch-page.ts';
import type { ResourceNode } from '../job/graph.ts';
import { type Frame, type Position, recordHash } from './cursor-stack.ts';

/** Where a list lies in the walk. */
export interface ListPlace {
  /** Frames of the levels above, from the root down. */
  readonly above: readonly Frame[];
  /** Where the run stands once this list is done. */
  readonly follow: Position;
}

export class PagePlace {
  readonly #node: ResourceNode;
  readonly #list: ListPlace;
  readonly #page: SourcePage;
  readonly #cursor: PageCursor | undefined;

  constructor(
    node: ResourceNode,
    list: ListPlace,
    page: SourcePage,
    cursor: PageCursor | undefined,
  ) {
    this.#node = node;
    this.#list = list;
    this.#page = page;
    this.#cursor = cursor;
  }

  /**
   * Where to go on after `resume`: what of the page is emitted, and from which parent to descend.
   * A page that has drifted starts again.
   */
  whereToGoOn(resume: readonly Frame[]) {
    const [frame, ...below] = resume;
    const isParent = below.length > 0;
    if (!frame || !this.#holds(frame, isParent)) return { emitted: 0, parent: 0, below: [] };
    if (!isParent) return { emitted: frame.index, parent: 0, below };
    // Frames below this one mean that the whole page was emitted before they came to be.
    return { emitted: this.#page.records.length, parent: frame.index, below };
  }

  /** Whether the page still holds, at its place, the record that the frame remembers. */
  #holds({ index, idHash }: Frame, isParent: boolean): boolean {
    const record = this.#page.records[isParent ? index : index - 1];
    if (!record) return !isParent && index === 0;
    return idHash === undefined || recordHash(record) === idHash;
  }

  /** A frame on this page; `of`: the record whose identity is remembered. */
  frame(index: number, of: number): Frame {
    const record = this.#page.records[of];
    return {
      resource: this.#node.resource,
      ...(this.#cursor === undefined ? {} : { pageCursor: this.#cursor }),
      index,
      ...(record ? { idHash: recordHash(record) } : {}),
    };
  }

  record(at: number): Transient<JsonObject> | undefined {
    const record = this.#page.records[at];
    return record?.kind === 'record' ? record.value : undefined;
  }

  /** Places of records that can have children, from `start` on. */
  parents(start: number): readonly number[] {
    if (this.#node.children.length === 0) return [];
    return [...this.#page.records.keys()].filter((at) => at >= start && this.record(at));
  }

  afterEmitting(count: number): Position {
    const isWhole = count >= this.#page.records.length;
    if (isWhole && this.parents(0).length === 0) return this.#afterPage();
    return position(this.#list.above, this.frame(count, count - 1));
  }

  afterChild(at: number, child: number): Position {
    const sibling = this.#node.children[child + 1];
    if (sibling) return this.#intoChild(at, sibling);
    const next = this.parents(at + 1)[0];
    const first = this.#node.children[0];
    return next === undefined || !first ? this.#afterPage() : this.#intoChild(next, first);
  }

  #intoChild(at: number, child: ResourceNode): Position {
    const above = [...this.#list.above, this.frame(at, at)];
    return position(above, { resource: child.resource, index: 0 });
  }

  #afterPage(): Position {
    const { next } = this.#page;
    if (next === undefined) return this.#list.follow;
    const frame = { resource: this.#node.resource, pageCursor: next, index: 0 };
    return position(this.#list.above, frame);
  }
}

export function position(above: readonly Frame[], frame: Frame): Position {
  return { kind: 'at', frames: [...above, frame] };
}
