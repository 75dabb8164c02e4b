import { PassThrough, Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pour } from '#shared/http/pour.ts';

const never = () => new Readable({ read: () => undefined });

describe('pour', () => {
  it('writes all of the source and ends the destination', async () => {
    const out = new PassThrough();
    const read = buffer(out);
    await pour(Readable.from([Buffer.from('one '), Buffer.from('two')]), out);

    expect((await read).toString()).toBe('one two');
  });

  it('waits for a destination that is slower than its source', async () => {
    const written: number[] = [];
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _encoding, done) {
        written.push(chunk.byteLength);
        setImmediate(done);
      },
    });
    await pour(Readable.from(Array.from({ length: 50 }, () => Buffer.alloc(100))), slow);

    expect(written.reduce((sum, bytes) => sum + bytes, 0)).toBe(5_000);
  });

  it('breaks the destination off where the source breaks', async () => {
    const source = never();
    const out = new PassThrough();
    const poured = pour(source, out);
    source.destroy(new Error('broken'));

    await expect(poured).rejects.toThrow('broken');
    expect(out.destroyed).toBe(true);
  });

  it('closes the source where the destination closes early', async () => {
    const source = never();
    const out = new PassThrough();
    const poured = pour(source, out);
    out.destroy();

    await expect(poured).rejects.toThrow('closed before the end');
    expect(source.destroyed).toBe(true);
  });

  it.each(['source', 'destination'])(
    'closes both where the %s is closed already',
    async (which) => {
      const [source, out] = [never(), new PassThrough()];
      (which === 'source' ? source : out).destroy();

      await expect(pour(source, out)).rejects.toThrow('closed already');
      expect([source.destroyed, out.destroyed]).toEqual([true, true]);
    },
  );
});
