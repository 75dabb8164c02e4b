/**
 * The body of a request, as its method's format writes it.
 *
 * No value changes the shape of what is sent: names and values are encoded, quoted or escaped, and
 * what a format cannot say is refused.
 *
 * Shape   json: as it stands; form: `a=1`, members that are no scalars as JSON; form_brackets:
 *         `a[b][0]=1`; multipart: one part a member; raw: one text; xml: an element a member
 * Errors  InvalidRequestError
 * Source  WHATWG URL §5.2 (form); RFC 7578 (multipart)
 */
import type { BodyFormat } from '../../integration/request/source.ts';
import { InvalidRequestError } from '../../kernel/errors.ts';
import { isJsonObject, type Json } from '../../kernel/json.ts';
import { Transient } from '../../kernel/transient.ts';
import { writeMultipart } from './multipart.ts';
import { writeXml } from './write-xml.ts';

export interface RequestBody {
  readonly body: Transient<string | Uint8Array>;
  readonly contentType: string;
}

/** @throws InvalidRequestError */
export function encodeBody(
  body: Json,
  format: BodyFormat,
  contentType: string | undefined,
): RequestBody {
  const written = write(body, format);
  return {
    body: Transient.of(written.body),
    contentType:
      format === 'multipart' ? written.contentType : (contentType ?? written.contentType),
  };
}

function write(body: Json, format: BodyFormat): { body: string | Uint8Array; contentType: string } {
  switch (format) {
    case 'json':
      return { body: JSON.stringify(body), contentType: 'application/json' };
    case 'form':
      return { body: writeForm(flatEntries(body)), contentType: FORM };
    case 'form_brackets':
      return { body: writeForm(bracketEntries(body)), contentType: FORM };
    case 'multipart':
      return writeMultipart(body);
    case 'raw':
      return { body: rawText(body), contentType: 'text/plain; charset=utf-8' };
    case 'xml':
      return { body: writeXml(body), contentType: 'application/xml' };
  }
}

const FORM = 'application/x-www-form-urlencoded';

type Entry = readonly [name: string, value: string];

function writeForm(entries: Iterable<Entry>): string {
  const form = new URLSearchParams();
  for (const [name, value] of entries) form.append(name, value);
  return form.toString();
}

function* flatEntries(body: Json): Generator<Entry> {
  for (const [name, value] of Object.entries(isJsonObject(body) ? body : {})) {
    if (value === null) continue;
    yield [name, typeof value === 'object' ? JSON.stringify(value) : String(value)];
  }
}

/** A null says nothing; an empty text unsets. */
function* bracketEntries(value: Json, name?: string): Generator<Entry> {
  if (value === null) return;
  if (typeof value !== 'object') {
    if (name !== undefined) yield [name, String(value)];
    return;
  }
  for (const [member, inner] of Object.entries(value)) {
    yield* bracketEntries(inner, name === undefined ? member : `${name}[${member}]`);
  }
}

function rawText(body: Json): string {
  if (typeof body === 'string') return body;
  if (typeof body === 'number' || typeof body === 'boolean') return String(body);
  throw new InvalidRequestError('the body must be one text', []);
}
