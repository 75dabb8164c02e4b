/**
 * The body of an answer, read as its method says.
 *
 * Shape   one value: a list for csv, jsonl and lines. Several files of an archive make one list, or
 *         one text
 * Errors  none: a body that cannot be read is a reason, which holds nothing of it
 * Source  RFC 4180 (csv); jsonlines.org
 */
import { parse as parseCsv } from 'csv-parse/sync';
import type { Decode } from '../../integration/request/decode.ts';
import { DecodeFault } from './decode-fault.ts';
import { inflate } from './inflate.ts';
import { parseJson } from './parse-json.ts';
import { readXml } from './read-xml.ts';

type Decoded =
  | { readonly value: unknown; readonly fault?: undefined }
  | { readonly value?: undefined; readonly fault: string };

interface DecodeOptions {
  /** Of Content-Type; UTF-8 where it names none that is known. */
  readonly charset?: string | undefined;
  /** Default 32 MiB. */
  readonly maxInflatedBytes?: number;
}

export function decodeBody(body: Uint8Array, decode: Decode, options: DecodeOptions = {}): Decoded {
  try {
    const files = inflate(body, decode.compression, options.maxInflatedBytes);
    const decoder = textDecoder(options.charset);
    const values = files.map((file) => readText(decoder.decode(file), decode));
    return { value: joined(values, decode.format) };
  } catch (error) {
    if (error instanceof DecodeFault) return { fault: error.message };
    throw error;
  }
}

/** Without a byte order mark. Bytes that are no characters become U+FFFD. */
function textDecoder(charset: string | undefined): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset ?? 'utf-8');
  } catch {
    // A RangeError: the provider made the name up.
    return new TextDecoder('utf-8');
  }
}

function readText(text: string, decode: Decode): unknown {
  switch (decode.format) {
    case 'json':
      return parsed(text);
    case 'jsonl':
      return linesOf(text).map(parsed);
    case 'lines':
      return linesOf(text);
    case 'csv':
      return readCsv(text, decode);
    case 'xml':
      return readXml(text, decode.lists);
    case 'text':
      return text;
  }
}

function joined(values: readonly unknown[], format: Decode['format']): unknown {
  if (values.length === 1) return values[0];
  if (format === 'text') return values.join('');
  const isListed = format === 'csv' || format === 'jsonl' || format === 'lines';
  return isListed ? values.flat() : values;
}

function parsed(text: string): unknown {
  const value = parseJson(text);
  if (value === undefined) throw new DecodeFault('the answer is not JSON');
  return value;
}

/** Without those that are blank. */
function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
}

/** A line with more or fewer values than the first has names is a fault: the body is cut off. */
function readCsv(text: string, { delimiter, quotes }: Decode): unknown {
  const quote = quotes ? '"' : false;
  try {
    return parseCsv(text, { columns: true, delimiter, quote, skip_empty_lines: true });
  } catch {
    // The parser's own error holds the line.
    throw new DecodeFault('the answer is not CSV with as many values a line as names');
  }
}
