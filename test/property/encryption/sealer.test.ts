import * as fc from 'fast-check';
import { createSealer } from '#shared/encryption/create-sealer.ts';
import { EnvelopeTamperedError, KeyRevokedError } from '#shared/encryption/key-ring.ts';
import type { SealContext, SealedEnvelope } from '#shared/encryption/sealer.ts';
import { createTenantKeyRing } from '#shared/encryption/tenant-key-ring.ts';
import { brandId } from '#shared/kernel/id.ts';
import { systemRandom } from '#shared/kernel/random.ts';
import { TEST_KEK_ARN, TestKms } from '../../support/doubles/kms.ts';
import { createMemoryTable } from '../../support/doubles/memory-table.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';

const keyRing = createTenantKeyRing({
  keysTable: createMemoryTable(),
  kms: new TestKms().client,
  kekArn: TEST_KEK_ARN,
  clock: new VirtualClock(),
  random: systemRandom,
});
const sealer = createSealer({ keyRing, random: systemRandom });

const context: fc.Arbitrary<SealContext> = fc.record({
  environmentId: fc.constantFrom('env_a', 'env_b').map((id) => brandId<'env'>(id)),
  ownerId: fc.string({ minLength: 1, maxLength: 12 }),
  purpose: fc.constantFrom('credential', 'cursor', 'webhook_secret', 'app_secret'),
  subject: fc.string({ maxLength: 12 }),
});
const plaintext = fc.uint8Array({ maxLength: 200 });
const member = fc.constantFrom('wrappedDek', 'iv', 'tag', 'commitment', 'ciphertext');

describe('a sealed value', () => {
  it('opens to what was sealed', async () => {
    await fc.assert(
      fc.asyncProperty(plaintext, context, async (value, where) => {
        const opened = await sealer.open(await sealer.seal(value, where), where);

        expect(new Uint8Array(opened)).toEqual(value);
      }),
    );
  });

  it('does not open with any one bit changed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 50 }),
        context,
        member,
        fc.nat(),
        async (value, where, name, position) => {
          const sealed = await sealer.seal(value, where);
          const changed = flipBit(sealed, name, position);

          await expect(sealer.open(changed, where)).rejects.toThrow(EnvelopeTamperedError);
        },
      ),
    );
  });

  it('does not open with any member cut short', async () => {
    await fc.assert(
      fc.asyncProperty(context, member, fc.nat({ max: 11 }), async (where, name, length) => {
        const sealed = await sealer.seal(Buffer.alloc(20), where);
        const cut = { ...sealed, [name]: (sealed[name] as Uint8Array).subarray(0, length) };

        await expect(sealer.open(cut, where)).rejects.toThrow(EnvelopeTamperedError);
      }),
    );
  });

  it('does not open in any other context', async () => {
    await fc.assert(
      fc.asyncProperty(context, context, async (here, there) => {
        fc.pre(JSON.stringify(here) !== JSON.stringify(there));
        const sealed = await sealer.seal(Buffer.from('x'), here);

        const error = await sealer.open(sealed, there).catch((caught: unknown) => caught);

        expect(error instanceof EnvelopeTamperedError || error instanceof KeyRevokedError).toBe(
          true,
        );
      }),
    );
  });

  it('never shares a data key, an IV or a ciphertext with another', async () => {
    const where = fc.sample(context, 1)[0]!;
    const sealed = await Promise.all(
      Array.from({ length: 50 }, () => sealer.seal(Buffer.from('same'), where)),
    );

    for (const name of ['wrappedDek', 'iv', 'commitment', 'ciphertext'] as const) {
      const distinct = new Set(sealed.map((one) => Buffer.from(one[name]).toString('hex')));
      expect(distinct.size).toBe(50);
    }
  });
});

function flipBit(sealed: SealedEnvelope, name: string, position: number): SealedEnvelope {
  const bytes = Uint8Array.from(sealed[name] as Uint8Array);
  const bit = position % (bytes.length * 8);
  bytes[bit >> 3]! ^= 1 << (bit & 7);
  return { ...sealed, [name]: bytes };
}
