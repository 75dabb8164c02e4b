/**
 * Undoes a Content-Encoding, to read what a caller asked to be sent compressed.
 *
 * Units   `maxBytes`: of what comes out, so that a small answer cannot fill the memory
 * Errors  none: what cannot be decoded stays as it is, and whoever reads it says that it is unreadable
 * Source  RFC 9110 §8.4.1; RFC 8878 (zstd)
 */
import {
  brotliDecompressSync,
  gunzipSync,
  inflateSync,
  type ZlibOptions,
  zstdDecompressSync,
} from 'node:zlib';
import type { Transient } from '../kernel/transient.ts';

type Decode = (bytes: Buffer, options: Pick<ZlibOptions, 'maxOutputLength'>) => Buffer;

const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

export function decodedContent(
  bytes: Transient<Buffer>,
  coding: string | undefined,
  maxBytes: number,
): Transient<Buffer> {
  const name = coding?.trim().toLowerCase() ?? '';
  const decode = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  if (!decode) return bytes;
  return bytes.map((encoded) => {
    try {
      return decode(encoded, { maxOutputLength: maxBytes });
    } catch {
      // The decoder's own message says nothing that its reader would not find out.
      return encoded;
    }
  });
}
