/** How a method's answers are read, compiled. */
import type { Decode } from './decode.ts';
import type { DecodeSource } from './decode-source.ts';

export function compileDecode(source: DecodeSource | undefined): Decode | undefined {
  if (!source) return undefined;
  const { format, compression, delimiter, quotes, lists } = source;
  return { format, compression, delimiter, quotes, lists: new Set(lists) };
}
