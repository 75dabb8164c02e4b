import { systemRandom } from '#shared/kernel/random.ts';

describe('systemRandom', () => {
  it.each([0, 1, 12, 16, 17, 32, 5_000])('gives %d bytes', (length) => {
    expect(systemRandom.bytes(length)).toHaveLength(length);
  });

  it('never gives the same twice, however many are taken', () => {
    const taken = Array.from({ length: 5_000 }, () => systemRandom.bytes(16).toString('hex'));

    expect(new Set(taken).size).toBe(5_000);
  });

  it('gives bytes of their own: who writes over them changes no others', () => {
    const first = systemRandom.bytes(16);
    const second = systemRandom.bytes(16);
    const before = second.toString('hex');
    first.fill(0);

    expect(second.toString('hex')).toBe(before);
  });
});
