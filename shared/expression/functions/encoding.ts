/** Base 64 and URL encoding. Errors D3140: a text that no encoding gives or takes. */
import { Buffer } from 'node:buffer';
import { ExpressionEvaluationError } from '../errors.ts';
import { type Definition, type Family, ofText } from './builtin.ts';

/** One character can become nine: `%E2%82%AC`. */
const LONGEST_ESCAPE = 9;

export const ENCODING: Family = {
  base64encode: ofText((text, run) => {
    run.meter.allocate(Math.ceil(text.length / 3) * 4);
    return Buffer.from(text, 'binary').toString('base64');
  }),
  base64decode: ofText((text, run) => {
    run.meter.allocate(text.length);
    return Buffer.from(text, 'base64').toString('binary');
  }),
  encodeUrlComponent: urlFunction(encodeURIComponent, LONGEST_ESCAPE),
  encodeUrl: urlFunction(encodeURI, LONGEST_ESCAPE),
  decodeUrlComponent: urlFunction(decodeURIComponent, 1),
  decodeUrl: urlFunction(decodeURI, 1),
};

function urlFunction(convert: (text: string) => string, growth: number): Definition {
  return ofText((text, run) => {
    run.meter.allocate(text.length * growth);
    try {
      return convert(text);
    } catch (cause) {
      if (cause instanceof URIError) throw new ExpressionEvaluationError('D3140');
      throw cause;
    }
  });
}
