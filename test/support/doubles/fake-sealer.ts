/** A {@link Sealer} that hides nothing but insists on its context, and counts what it seals. */
import type { SealContext, SealedEnvelope, Sealer } from '#shared/encryption/sealer.ts';

export function createFakeSealer(): Sealer {
  const nameOf = ({ environmentId, ownerId, purpose, subject }: SealContext) =>
    JSON.stringify([environmentId, ownerId, purpose, subject]);
  return {
    async seal(plaintext, context): Promise<SealedEnvelope> {
      const empty = new Uint8Array(1);
      return {
        v: 1,
        keyId: nameOf(context),
        wrappedDek: empty,
        iv: empty,
        tag: empty,
        commitment: empty,
        ciphertext: Uint8Array.from(plaintext, (byte) => byte ^ 0xff),
      };
    },
    async open(sealed, context) {
      const { keyId, ciphertext } = sealed as SealedEnvelope;
      if (keyId !== nameOf(context)) throw new Error('sealed for another context');
      return Buffer.from(ciphertext.map((byte) => byte ^ 0xff));
    },
  };
}
