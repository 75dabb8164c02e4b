/** Why a body could not be read: a reason without a byte of it. Never leaves the decoders. */
export class DecodeFault extends Error {
  override readonly name = 'DecodeFault';
}
