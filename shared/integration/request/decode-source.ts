/** How the body of an answer is read, where it is not JSON. */
import * as z from 'zod';

export const decodeSource = z.strictObject({
  /**
   * json: one value. jsonl: a list of values, one a line. csv: a list of objects, named by the first
   * line. lines: a list of texts. xml: elements as members, attributes as `@name`, text as `#text`.
   * text: one text.
   */
  format: z.enum(['json', 'jsonl', 'csv', 'lines', 'xml', 'text']),
  /** Of the body itself, besides Content-Encoding. zip: its files one after the other. */
  compression: z.enum(['gzip', 'zip']).optional(),
  /** Of csv. */
  delimiter: z.string().length(1).default(','),
  /** Of csv: whether `"` quotes values, or stands for itself. */
  quotes: z.boolean().default(true),
  /** Elements of xml that are lists even where there is one: `employee`. */
  lists: z.array(z.string().min(1)).default([]),
});
export type DecodeSource = z.output<typeof decodeSource>;
