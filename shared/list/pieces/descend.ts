/**
 * From a place to the piece that is to be read: partition by partition, the outermost first, and
 * from there to the place after it.
 */
import type { Partition } from '../../integration/pieces/partition.ts';
import type { Json } from '../../kernel/json.ts';
import type { ListCall, ListedRecord } from '../list-call.ts';
import { type Frame, hashOf, type Place } from './place.ts';
import type { UnitPage } from './units.ts';

/** One page of a partition's values. `frame` is where the list stood; undefined: at its start. */
export type ReadUnitPage = (
  call: ListCall,
  partition: Partition,
  frame: Frame | undefined,
) => Promise<UnitPage>;

/** A partition, and which of its values counts. */
export interface Level {
  readonly page: UnitPage;
  readonly index: number;
}

export interface Descent {
  readonly levels: readonly Level[];
  /** Whether there is a piece to read; else the last level has no value. */
  readonly isAtPiece: boolean;
  readonly params: ListCall['params'];
  readonly parent: Readonly<Record<string, unknown>>;
  /** Within the piece. */
  readonly inner: Json | undefined;
  /** Parents that could not be read, of pages that were not read before. */
  readonly rejected: readonly ListedRecord[];
}

export async function descend(
  call: ListCall,
  partitions: readonly Partition[],
  place: Place,
  readUnitPage: ReadUnitPage,
): Promise<Descent> {
  const levels: Level[] = [];
  const rejected: ListedRecord[] = [];
  let { frames, inner } = place;
  let params = call.params;
  let parent: Descent['parent'] = {};
  for (const [depth, partition] of partitions.entries()) {
    const frame = frames[depth];
    const page = await readUnitPage({ ...call, params }, partition, frame);
    const isNew = frame?.hash === undefined;
    const hasDrifted = !isNew && hashAt(page, frame.index) !== frame.hash;
    if (hasDrifted) {
      // What stands below belongs to the value that is gone.
      frames = [];
      inner = undefined;
    }
    if (isNew || hasDrifted) rejected.push(...page.rejected);
    const index = isNew || hasDrifted ? 0 : frame.index;
    levels.push({ page, index });
    const unit = page.units[index];
    if (!unit) return { levels, isAtPiece: false, params, parent, inner, rejected };
    params = { ...params, [partition.param]: unit.value };
    parent = { ...parent, ...unit.fields };
  }
  return { levels, isAtPiece: true, params, parent, inner, rejected };
}

export function placeAt(levels: readonly Level[], inner: Json | undefined): Place {
  const frames = levels.map(({ page, index }) => frameAt(page, index));
  return inner === undefined ? { frames } : { frames, inner };
}

/** The next value of the innermost partition that has one; undefined where the list ends. */
export function placeAfter(levels: readonly Level[]): Place | undefined {
  for (let depth = levels.length - 1; depth >= 0; depth -= 1) {
    const level = levels[depth];
    const frame = level && frameAfter(level);
    if (frame) return { frames: [...placeAt(levels.slice(0, depth), undefined).frames, frame] };
  }
  return undefined;
}

function frameAfter({ page, index }: Level): Frame | undefined {
  if (index + 1 < page.units.length) return frameAt(page, index + 1);
  return page.next === undefined ? undefined : { cursor: page.next, index: 0 };
}

function frameAt(page: UnitPage, index: number): Frame {
  const hash = hashAt(page, index);
  return {
    index,
    ...(page.at === undefined ? {} : { cursor: page.at }),
    ...(hash === undefined ? {} : { hash }),
  };
}

function hashAt({ units }: UnitPage, index: number): string | undefined {
  const unit = units[index];
  return unit && hashOf(unit.value);
}
