/** How large an override may be, put or only tried: what is compiled takes far more than its text. */
import { PayloadTooLargeError } from '../http/router.ts';

/** An item of the table holds 400 KB; what a person maintains is far shorter than this. */
const MAX_OVERRIDE_BYTES = 65_536;

/** @throws PayloadTooLargeError */
export function checkOverrideSize(document: unknown): void {
  if (Buffer.byteLength(JSON.stringify(document)) <= MAX_OVERRIDE_BYTES) return;
  throw new PayloadTooLargeError('the override is too large');
}
