/**
 * Cuts the stream of pages into batches: what is delivered together and committed as one.
 *
 * A batch holds whole consecutive pages as far as they fit, so that the children of many parents
 * share one event; only a page that is too large by itself is cut. Where a batch ends depends on
 * nothing but the pages, so a repeat from the same place gives the same batches. Where that cannot
 * hold (a failure or slowness behind pages that are read already), the batch says `isCut`: the
 * number of its pages must then be kept before it is delivered, and given to the repeat. A batch
 * that may have been delivered before is not cut: what has been read of it is read again.
 *
 * Units   per batch at most `recordsPerEvent` records and errors, {@link MAX_BATCH_BYTES} of JSON
 *         and {@link MAX_BATCH_PAGES} pages
 */
import type { Clock } from '../../kernel/clock.ts';
import { Transient } from '../../kernel/transient.ts';
import type { SourceRecord } from '../../unified/fetch-page.ts';
import { EVENT_ENVELOPE_BYTES, MAX_EVENT_BYTES } from '../../webhook/delivery/outbound-event.ts';
import { faultOfError, type RecordFault } from '../run/record-fault.ts';
import { type Position, recordHash } from './cursor-stack.ts';
import type { PageUnit, Unit } from './traverse.ts';

export const MAX_BATCH_BYTES = MAX_EVENT_BYTES - EVENT_ENVELOPE_BYTES;
/** A list of many empty pages must be checkpointed too. */
export const MAX_BATCH_PAGES = 50;

/** A record as it goes into an event. */
export interface BatchRecord {
  readonly json: Transient<string>;
  readonly hash: string;
}

export interface Batch {
  /** By resource, parents before children: whoever gets a child has its parent. */
  readonly groups: ReadonlyMap<string, readonly BatchRecord[]>;
  readonly faults: readonly RecordFault[];
  /** Records read, by resource, rejected ones too. */
  readonly fetched: ReadonlyMap<string, number>;
  readonly from: Position;
  readonly after: Position;
  readonly pages: number;
  readonly isCut: boolean;
  /** Set where a list of the job could not be read to its end. */
  readonly isIncomplete: boolean;
}

export interface BatchOptions {
  /** The job's resources, parents before children. */
  readonly resources: readonly string[];
  /** Where the first page is. */
  readonly from: Position;
  readonly recordsPerEvent: number;
  /** The first fault ends the batch: nothing behind it is wanted. */
  readonly stopsAtFault: boolean;
  /** Pages of the first batch, where an earlier try has cut it. */
  readonly firstPages?: number;
  /** How many batches may have been delivered before, so that they must not be cut. */
  readonly uncut: number;
  /** A batch is cut once it has taken this long to fill. */
  readonly slowMs: number;
  readonly clock: Clock;
}

/** One record, measured: delivered as JSON, or a fault. */
interface Item {
  readonly record?: BatchRecord;
  readonly fault?: RecordFault;
  readonly bytes: number;
}

export async function* batches(
  units: AsyncIterable<Unit>,
  options: BatchOptions,
): AsyncGenerator<Batch, void, void> {
  const cutter = new Cutter(options);
  try {
    for await (const unit of units) yield* cutter.take(unit);
  } catch (error) {
    // What was read before the failure is good: deliver it, then fail.
    yield* cutter.cut();
    throw error;
  }
  yield* cutter.rest();
}

class Cutter {
  readonly #options: BatchOptions;
  #filling: Filling;
  #uncut: number;

  constructor(options: BatchOptions) {
    this.#options = options;
    this.#filling = new Filling(options, options.from, options.firstPages);
    this.#uncut = options.uncut;
  }

  /** The batches that are full with this page. */
  *take(unit: Unit): Generator<Batch, void, void> {
    const items = unit.kind === 'page' ? measure(unit) : [skippedItem(unit)];
    if (!this.#filling.fits(items)) yield* this.rest();
    let taken = 0;
    do {
      taken += this.#filling.add(unit, items, taken);
      // A page that is not taken whole has met a limit, although the count may not show it.
      if (this.#filling.isFull || taken < items.length) yield* this.rest();
      else if (this.#filling.isSlow) yield* this.cut();
    } while (taken < items.length);
  }

  /** What has been gathered, if anything, ended by what the pages do not tell. */
  *cut(): Generator<Batch, void, void> {
    if (this.#uncut === 0) yield* this.rest(true);
  }

  /** What has been gathered, if anything. */
  *rest(isCut = false): Generator<Batch, void, void> {
    if (this.#filling.isEmpty) return;
    const batch = this.#filling.close(isCut);
    this.#filling = new Filling(this.#options, batch.after);
    this.#uncut = Math.max(0, this.#uncut - 1);
    yield batch;
  }
}

class Filling {
  readonly #options: BatchOptions;
  readonly #maxPages: number;
  readonly #startedAtMs: number;
  readonly #groups = new Map<string, BatchRecord[]>();
  readonly #faults: RecordFault[] = [];
  readonly #fetched = new Map<string, number>();
  #count = 0;
  #bytes = 0;
  #pages = 0;
  readonly #from: Position;
  #after: Position;
  #isIncomplete = false;

  constructor(options: BatchOptions, from: Position, pages = MAX_BATCH_PAGES) {
    this.#options = options;
    this.#from = from;
    this.#after = from;
    this.#maxPages = pages;
    this.#startedAtMs = options.clock.now();
  }

  get isEmpty(): boolean {
    return this.#pages === 0;
  }

  get isFull(): boolean {
    return (
      this.#count >= this.#options.recordsPerEvent ||
      this.#pages >= this.#maxPages ||
      (this.#options.stopsAtFault && this.#faults.length > 0)
    );
  }

  get isSlow(): boolean {
    return !this.isEmpty && this.#options.clock.now() - this.#startedAtMs >= this.#options.slowMs;
  }

  fits(items: readonly Item[]): boolean {
    const bytes = items.reduce((sum, item) => sum + item.bytes, 0);
    return (
      this.#count + items.length <= this.#options.recordsPerEvent &&
      this.#bytes + bytes <= MAX_BATCH_BYTES
    );
  }

  /** Takes items of one page from `from` on, as many as there is room for; returns how many. */
  add(unit: Unit, items: readonly Item[], from: number): number {
    let taken = 0;
    for (const item of items.slice(from)) {
      if (this.#count >= this.#options.recordsPerEvent) break;
      if (this.#bytes + item.bytes > MAX_BATCH_BYTES) break;
      this.#take(unit.resource, item);
      taken += 1;
      if (item.fault && this.#options.stopsAtFault) break;
    }
    this.#pages += 1;
    if (unit.kind === 'page') {
      this.#after = unit.after(from + taken);
      const fetched = this.#fetched.get(unit.resource) ?? 0;
      this.#fetched.set(unit.resource, fetched + taken);
    } else {
      this.#after = unit.after();
      this.#isIncomplete ||= unit.isRoot;
    }
    return taken;
  }

  close(isCut: boolean): Batch {
    return {
      groups: this.#orderedGroups(),
      faults: this.#faults,
      fetched: this.#fetched,
      from: this.#from,
      after: this.#after,
      pages: this.#pages,
      isCut,
      isIncomplete: this.#isIncomplete,
    };
  }

  #orderedGroups(): ReadonlyMap<string, readonly BatchRecord[]> {
    const place = (resource: string) => this.#options.resources.indexOf(resource);
    return new Map([...this.#groups].sort(([a], [b]) => place(a) - place(b)));
  }

  #take(resource: string, { record, fault, bytes }: Item): void {
    this.#count += 1;
    this.#bytes += bytes;
    if (fault) this.#faults.push(fault);
    if (!record) return;
    const group = this.#groups.get(resource);
    if (group) group.push(record);
    else this.#groups.set(resource, [record]);
  }
}

function measure({ resource, records }: PageUnit): readonly Item[] {
  return records.map((record) => measureRecord(resource, record));
}

function measureRecord(resource: string, record: SourceRecord): Item {
  const ref = record.ref === undefined ? {} : { ref: record.ref };
  if (record.kind === 'rejected') {
    const { code, message } = record;
    return { fault: { resource, code, message, ...ref }, bytes: 0 };
  }
  const json = JSON.stringify(record.value.reveal());
  const bytes = Buffer.byteLength(json) + 1;
  if (bytes > MAX_BATCH_BYTES) {
    const message = 'the record alone is larger than an event may be';
    return { fault: { resource, code: 'record_too_large', message, ...ref }, bytes: 0 };
  }
  return { record: { json: Transient.of(json), hash: recordHash(record) }, bytes };
}

function skippedItem({ resource, error }: Extract<Unit, { kind: 'skipped' }>): Item {
  return { fault: faultOfError(resource, error), bytes: 0 };
}
