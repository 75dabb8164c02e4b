/**
 * Where a run stands, without a byte of what it has read: for each level of the tree the page that
 * is being worked on and the place in it.
 *
 * Shape   frames from the root down. The last frame says how many records of its page have been
 *         emitted; each frame above says which record of its page is the parent of the level below.
 *         `idHash` is of the record at (above) or before (last) that place: a page that has drifted
 *         since is told by it and starts again.
 * Units   at most {@link MAX_DEPTH} frames and {@link MAX_STACK_BYTES} bytes of JSON, sealed: a
 *         provider's cursor may embed query values
 * Errors  {@link CursorTooLargeError}
 */
import { hash } from 'node:crypto';
import * as z from 'zod';
import type { SealContext, SealedEnvelope, Sealer } from '../../encryption/sealer.ts';
import { CallerError } from '../../kernel/errors.ts';
import { canonicalJson, type Json } from '../../kernel/json.ts';
import type { PageCursor, SourceRecord } from '../../unified/fetch-page.ts';
import { MAX_DEPTH } from '../job/sync-job.ts';

export const MAX_STACK_BYTES = 8_192;
const HASH_CHARACTERS = 16;

export interface Frame {
  readonly resource: string;
  /** Absent on the first page. */
  readonly pageCursor?: PageCursor;
  readonly index: number;
  readonly idHash?: string;
}

/** The next thing to do: before the first record, somewhere in the tree, or nothing. */
export type Position =
  | { readonly kind: 'start' }
  | { readonly kind: 'at'; readonly frames: readonly Frame[] }
  | { readonly kind: 'end' };

/** The provider's cursors are too long to keep. */
export class CursorTooLargeError extends CallerError {
  override readonly name = 'CursorTooLargeError';
  readonly code = 'cursor_too_large';
  readonly status = 422;
}

const stack = z.strictObject({
  v: z.literal(1),
  end: z.boolean(),
  frames: z
    .array(
      z.strictObject({
        r: z.string(),
        c: z.json().optional(),
        i: z.int().min(0),
        h: z.string().optional(),
      }),
    )
    .max(MAX_DEPTH),
});

/** @throws CursorTooLargeError */
export function encodePosition(position: Position): Buffer {
  const frames = position.kind === 'at' ? position.frames : [];
  const bytes = Buffer.from(
    JSON.stringify({
      v: 1,
      end: position.kind === 'end',
      frames: frames.map(({ resource, pageCursor, index, idHash }) => ({
        r: resource,
        ...(pageCursor === undefined ? {} : { c: pageCursor }),
        i: index,
        ...(idHash === undefined ? {} : { h: idHash }),
      })),
    }),
  );
  if (bytes.byteLength <= MAX_STACK_BYTES) return bytes;
  throw new CursorTooLargeError('the cursors of a run are too long to keep', {
    stackBytes: bytes.byteLength,
  });
}

export function decodePosition(bytes: Uint8Array): Position {
  const { end, frames } = stack.parse(JSON.parse(Buffer.from(bytes).toString()));
  if (end) return { kind: 'end' };
  if (frames.length === 0) return { kind: 'start' };
  return {
    kind: 'at',
    frames: frames.map(({ r, c, i, h }) => ({
      resource: r,
      index: i,
      ...(c === undefined ? {} : { pageCursor: c }),
      ...(h === undefined ? {} : { idHash: h }),
    })),
  };
}

/** @throws CursorTooLargeError; the sealer's errors */
export async function sealPosition(
  sealer: Sealer,
  position: Position,
  context: SealContext,
): Promise<SealedEnvelope> {
  return sealer.seal(encodePosition(position), context);
}

export async function openPosition(
  sealer: Sealer,
  sealed: unknown,
  context: SealContext,
): Promise<Position> {
  return sealed === undefined
    ? { kind: 'start' }
    : decodePosition(await sealer.open(sealed, context));
}

/** A record's identity, too short to tell anything else. A record without one hashes to ''. */
export function recordHash(record: SourceRecord): string {
  const identity = record.ref ?? (record.kind === 'record' ? idOf(record) : undefined);
  if (identity === undefined) return '';
  return hash('sha256', canonicalJson(identity), 'hex').slice(0, HASH_CHARACTERS);
}

function idOf(record: Extract<SourceRecord, { kind: 'record' }>): Json | undefined {
  return record.value.reveal()['id'];
}
