/**
 * A body in parts, files among them: a member `{ filename, content_type, base64 }` is a file.
 *
 * Errors  InvalidRequestError
 * Source  RFC 7578; WHATWG HTML, multipart/form-data (how names are escaped); RFC 2046 §5.1.1
 */
import { hash } from 'node:crypto';
import * as z from 'zod';
import { InvalidRequestError } from '../../kernel/errors.ts';
import { isJsonObject, type Json } from '../../kernel/json.ts';

const file = z.strictObject({
  filename: z.string().min(1),
  /** RFC 9110 §8.3.1, with parameters; nothing that could end the line. */
  content_type: z
    .string()
    .regex(/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(;[\x20-\x7e]*)?$/)
    .default('application/octet-stream'),
  base64: z.base64(),
});

export function writeMultipart(body: Json): { body: Uint8Array; contentType: string } {
  const parts: Buffer[] = [];
  for (const [name, value] of Object.entries(isJsonObject(body) ? body : {})) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== null) parts.push(writePart(name, item));
    }
  }
  // Of what it separates: no part can hold the hash of itself but by an accident of 2^-128.
  const digest = hash('sha256', Buffer.concat(parts), 'hex').slice(0, 32);
  const boundary = `millrace-${digest}`;
  const separated = parts.flatMap((part) => [Buffer.from(`--${boundary}\r\n`), part, CRLF]);
  return {
    body: Buffer.concat([...separated, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

const CRLF = Buffer.from('\r\n');

function writePart(name: string, value: Json): Buffer {
  const disposition = `Content-Disposition: form-data; name="${escaped(name)}"`;
  if (isJsonObject(value) && 'base64' in value) return writeFile(disposition, value);
  const isJson = typeof value === 'object';
  const type = isJson ? '\r\nContent-Type: application/json' : '';
  return Buffer.from(
    `${disposition}${type}\r\n\r\n${isJson ? JSON.stringify(value) : String(value)}`,
  );
}

function writeFile(disposition: string, value: Json): Buffer {
  const { success, data } = file.safeParse(value);
  if (!success) {
    throw new InvalidRequestError('a file must be { filename, content_type, base64 }', []);
  }
  const head = `${disposition}; filename="${escaped(data.filename)}"\r\nContent-Type: ${data.content_type}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(data.base64, 'base64')]);
}

function escaped(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
