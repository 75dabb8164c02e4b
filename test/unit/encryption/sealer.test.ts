import { createSealer } from '#shared/encryption/create-sealer.ts';
import { EnvelopeTamperedError, type KeyRing } from '#shared/encryption/key-ring.ts';
import type { SealContext } from '#shared/encryption/sealer.ts';
import { brandId } from '#shared/kernel/id.ts';
import { systemRandom } from '#shared/kernel/random.ts';

const context: SealContext = {
  environmentId: brandId<'env'>('env_1'),
  ownerId: 'acme',
  purpose: 'credential',
  subject: 'ia_1',
};

/** A ring of one key in the clear, which remembers every buffer it handed out. */
function openRing() {
  const handedOut: Buffer[] = [];
  const hand = () => {
    const dek = Buffer.alloc(32, 7);
    handedOut.push(dek);
    return dek;
  };
  const keyRing: KeyRing = {
    createDek: async () => ({ dek: hand(), keyId: 'k1', wrappedDek: new Uint8Array([1]) }),
    openDek: async () => hand(),
  };
  return { keyRing, handedOut };
}

describe('the sealer', () => {
  it('zeroes every data key after use', async () => {
    const { keyRing, handedOut } = openRing();
    const sealer = createSealer({ keyRing, random: systemRandom });

    await sealer.open(await sealer.seal(Buffer.from('x'), context), context);

    expect(handedOut).toEqual([Buffer.alloc(32), Buffer.alloc(32)]);
  });

  it('zeroes the data key when the value does not open', async () => {
    const { keyRing, handedOut } = openRing();
    const sealer = createSealer({ keyRing, random: systemRandom });
    const sealed = await sealer.seal(Buffer.from('x'), context);

    await expect(sealer.open(sealed, { ...context, subject: 'ia_2' })).rejects.toThrow(
      EnvelopeTamperedError,
    );
    expect(handedOut).toEqual([Buffer.alloc(32), Buffer.alloc(32)]);
  });

  it('opens the same bytes after a re-wrap changed the key id and the wrapped key', async () => {
    const { keyRing } = openRing();
    const sealer = createSealer({ keyRing, random: systemRandom });
    const sealed = await sealer.seal(Buffer.from('x'), context);

    const rewrapped = { ...sealed, keyId: 'k2', wrappedDek: new Uint8Array([2]) };

    expect(await sealer.open(rewrapped, context)).toEqual(Buffer.from('x'));
  });

  it('adds 32 bytes of commitment, 16 of tag and 12 of IV to the ciphertext', async () => {
    const sealed = await createSealer({ ...openRing(), random: systemRandom }).seal(
      Buffer.from('four'),
      context,
    );

    expect(sealed.commitment.length).toBe(32);
    expect(sealed.tag.length).toBe(16);
    expect(sealed.iv.length).toBe(12);
    expect(sealed.ciphertext.length).toBe(4);
  });

  it.each([
    ['nothing', undefined],
    ['a string', 'x'],
    ['an envelope of another version', { v: 2 }],
  ])('refuses %s', async (_, value) => {
    const sealer = createSealer({ ...openRing(), random: systemRandom });

    await expect(sealer.open(value, context)).rejects.toThrow(EnvelopeTamperedError);
  });
});
