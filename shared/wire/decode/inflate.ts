/**
 * Bodies that are compressed themselves, besides any Content-Encoding: reports, exports.
 *
 * Units   {@link MAX_INFLATED_BYTES} in all, so that a small answer cannot fill the memory
 * Errors  {@link DecodeFault}
 * Source  RFC 1952 (gzip); PKWARE APPNOTE 6.3 (zip)
 */
import { gunzipSync } from 'node:zlib';
import { type UnzipFileInfo, unzipSync } from 'fflate';
import type { Decode } from '../../integration/request/decode.ts';
import { DecodeFault } from './decode-fault.ts';

/** Twice what an answer may hold uncompressed. */
const MAX_INFLATED_BYTES = 32 * 1_024 * 1_024;
const MAX_FILES = 1_000;

/** The files that the body holds: itself, where it is not compressed. */
export function inflate(
  body: Uint8Array,
  compression: Decode['compression'],
  maxBytes: number = MAX_INFLATED_BYTES,
): readonly Uint8Array[] {
  switch (compression) {
    case undefined:
      return [body];
    case 'gzip':
      return [gunzip(body, maxBytes)];
    case 'zip':
      return unzip(body, maxBytes);
  }
}

function gunzip(body: Uint8Array, maxBytes: number): Uint8Array {
  try {
    return gunzipSync(body, { maxOutputLength: maxBytes });
  } catch (error) {
    const tooLarge = codeOf(error) === 'ERR_BUFFER_TOO_LARGE';
    throw tooLarge ? inflatesTooFar() : new DecodeFault('the answer is not gzip, or cut off');
  }
}

const NO_ZIP = 'the answer is not zip, or cut off';

/** In the archive's order. Names only tell files apart: nothing is ever written under them. */
function unzip(body: Uint8Array, maxBytes: number): readonly Uint8Array[] {
  const entries: UnzipFileInfo[] = [];
  let bytes = 0;
  const files = unzipped(body, (entry) => {
    bytes += Math.max(entry.originalSize, entry.size);
    if (bytes > maxBytes) throw inflatesTooFar();
    if (entries.length >= MAX_FILES) throw new DecodeFault('the archive holds too many files');
    if (entry.name.endsWith('/')) return false;
    entries.push(entry);
    return true;
  });
  return entries.map(({ name, originalSize }) => {
    const file = files.get(name);
    if (file?.byteLength !== originalSize) throw new DecodeFault(NO_ZIP);
    // A second file of this name finds none: one of the two is lost, so neither counts.
    files.delete(name);
    return file;
  });
}

function unzipped(
  body: Uint8Array,
  filter: (entry: UnzipFileInfo) => boolean,
): Map<string, Uint8Array> {
  try {
    return new Map(Object.entries(unzipSync(body, { filter })));
  } catch (error) {
    throw error instanceof DecodeFault ? error : new DecodeFault(NO_ZIP);
  }
}

function inflatesTooFar(): DecodeFault {
  return new DecodeFault('the answer inflates beyond the limit');
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
}
