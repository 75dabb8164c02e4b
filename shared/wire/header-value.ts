/** What may stand as the value of a header. Source: RFC 9110 §5.5. */
import { InvalidRequestError } from '../kernel/errors.ts';

/** Visible characters, space, tab and obs-text: none of them can end a header and start another. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

export function isHeaderValue(value: string): boolean {
  return HEADER_VALUE.test(value);
}

/** @throws InvalidRequestError */
export function checkHeaderValue(value: string): void {
  if (isHeaderValue(value)) return;
  throw new InvalidRequestError('a value cannot be sent in a header', []);
}
