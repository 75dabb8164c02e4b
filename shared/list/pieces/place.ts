/**
 * Where a list that is asked for piece by piece stands: a frame for each partition, the outermost
 * first, and the place within the piece itself.
 *
 * Nothing of a parent is in it but a hash of the value that was taken from it: whoever goes on asks
 * for the parent's page again, and a page that has drifted since is told by the hash.
 *
 * Units   at most {@link MAX_PLACE_BYTES} bytes of JSON
 * Errors  InvalidCursorError; ProviderError where the provider's own cursors are too long to keep
 */
import { hash } from 'node:crypto';
import * as z from 'zod';
import { canonicalJson, type Json, type JsonObject } from '../../kernel/json.ts';
import { structuralError } from '../../provider/classify.ts';
import { InvalidCursorError } from '../paging/state.ts';

/** Most partitions of one method, and most parents above one another. */
const MAX_PIECES_DEPTH = 4;
const MAX_PLACE_BYTES = 8_192;
/** 72 bits: told apart by it are values of one place, not of the world. */
const HASH_CHARACTERS = 12;

export interface Frame {
  /** What the page of values is asked for with; absent on the first page. */
  readonly cursor?: Json;
  /** Which value of the page. */
  readonly index: number;
  /** Of that value; absent where the page has not been read yet. */
  readonly hash?: string;
}

export interface Place {
  readonly frames: readonly Frame[];
  /** Within the piece; absent at its start. */
  readonly inner?: Json;
}

const START: Place = { frames: [] };

const stored = z.strictObject({
  f: z
    .array(
      z.strictObject({
        s: z.json().optional(),
        i: z.int().min(0),
        h: z.string().optional(),
      }),
    )
    .min(1)
    .max(MAX_PIECES_DEPTH),
  c: z.json().optional(),
});

/** @throws InvalidCursorError where it is not of a list of so many partitions */
export function readPlace(cursor: Json | undefined, partitions: number): Place {
  if (cursor === undefined) return START;
  const { success, data } = stored.safeParse(cursor);
  const isOfThis =
    success && (data.c === undefined ? data.f.length <= partitions : data.f.length === partitions);
  if (!isOfThis) throw new InvalidCursorError('the cursor is not of this list');
  return {
    frames: data.f.map(({ s, i, h }) => ({
      index: i,
      ...(s === undefined ? {} : { cursor: s }),
      ...(h === undefined ? {} : { hash: h }),
    })),
    ...(data.c === undefined ? {} : { inner: data.c }),
  };
}

/** @throws ProviderError */
export function placeJson({ frames, inner }: Place, integration: string): JsonObject {
  const json = {
    f: frames.map(({ cursor, index, hash: h }) => ({
      ...(cursor === undefined ? {} : { s: cursor }),
      i: index,
      ...(h === undefined ? {} : { h }),
    })),
    ...(inner === undefined ? {} : { c: inner }),
  };
  return keepable(json, integration);
}

/** @throws ProviderError where `cursor` is too long to keep */
export function keepable(cursor: JsonObject, integration: string): JsonObject {
  if (Buffer.byteLength(JSON.stringify(cursor)) <= MAX_PLACE_BYTES) return cursor;
  throw structuralError(integration, 200, 'the place in the list is too long to keep');
}

/** Of a value, or of the values of one batch. */
export function hashOf(value: Json): string {
  return hash('sha256', canonicalJson(value), 'base64url').slice(0, HASH_CHARACTERS);
}
