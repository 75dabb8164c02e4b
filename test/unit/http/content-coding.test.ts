import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { decodedContent } from '#shared/http/content-coding.ts';
import { Transient } from '#shared/kernel/transient.ts';

const decoded = (bytes: Buffer, coding: string | undefined, maxBytes = 1_000) =>
  decodedContent(Transient.of(bytes), coding, maxBytes).reveal().toString();

describe('decodedContent', () => {
  it.each([
    ['gzip', gzipSync('hello')],
    ['x-gzip', gzipSync('hello')],
    [' GZIP ', gzipSync('hello')],
    ['deflate', deflateSync('hello')],
    ['br', brotliCompressSync('hello')],
    ['zstd', zstdCompressSync('hello')],
    ['identity', Buffer.from('hello')],
    [undefined, Buffer.from('hello')],
  ])('undoes %p', (coding, bytes) => {
    expect(decoded(bytes, coding)).toBe('hello');
  });

  it('leaves as it is what would grow beyond the limit', () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000));

    expect(decoded(bomb, 'gzip')).toBe(bomb.toString());
  });

  it.each(['gzip', 'br', 'constructor', 'gzip, br'])(
    'leaves as it is what is not %s after all',
    (coding) => {
      expect(decoded(Buffer.from('{"a":1}'), coding)).toBe('{"a":1}');
    },
  );
});
