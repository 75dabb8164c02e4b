/** What is asked for by Accept, unless the integration says otherwise in a header of its own. */
import type { Decode } from '../../integration/request/decode.ts';

export function acceptOf(decode: Decode | undefined): string {
  if (!decode) return 'application/json';
  if (decode.compression) return '*/*';
  switch (decode.format) {
    case 'json':
      return 'application/json';
    case 'xml':
      return 'application/xml, text/xml';
    case 'csv':
      return 'text/csv';
    case 'jsonl':
    case 'lines':
    case 'text':
      return '*/*';
  }
}
