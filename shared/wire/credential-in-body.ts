/**
 * Puts a credential into a body that is already written: as members of its JSON, or parameters of
 * its form. Numbers keep their digits.
 *
 * Errors  {@link UnprocessableError} where the body is neither, or streams
 */
import { Readable } from 'node:stream';
import { UnprocessableError } from '../kernel/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../kernel/json.ts';
import { Transient } from '../kernel/transient.ts';
import { isForm, isJson, type Outgoing } from './sign/outgoing.ts';

type Members = Readonly<Record<string, string>>;

/** Requests that are sent without a body get none for its sake. */
const BODILESS = ['GET', 'HEAD', 'DELETE'];

export function withCredentialInBody(request: Outgoing, members: Members): Outgoing {
  if (Object.keys(members).length === 0) return request;
  const text = textOf(request);
  if (text === undefined) {
    if (BODILESS.includes(request.method)) return request;
    return withBody(request, 'application/json', toJson({}, members));
  }
  const type = request.headers['content-type'] ?? '';
  if (isForm(request)) return withBody(request, type, toForm(text, members));
  const body = isJson(request) ? parseKeepingDigits(text) : undefined;
  if (!isJsonObject(body)) throw cannotCarry();
  return withBody(request, type, toJson(body, members));
}

function textOf({ body }: Outgoing): string | undefined {
  const value = body?.reveal();
  if (value instanceof Readable) throw cannotCarry();
  if (value === undefined || value.length === 0) return undefined;
  return Buffer.from(value).toString();
}

function withBody(request: Outgoing, type: string, text: string): Outgoing {
  const { 'content-length': _length, ...headers } = request.headers;
  return { ...request, headers: { ...headers, 'content-type': type }, body: Transient.of(text) };
}

function toForm(text: string, members: Members): string {
  const form = new URLSearchParams(text);
  for (const [name, value] of Object.entries(members)) form.set(name, value);
  return form.toString();
}

function toJson(body: JsonObject, members: Members): string {
  let result = body;
  for (const [path, value] of Object.entries(members)) {
    result = withMember(result, path.split('.'), value);
  }
  return JSON.stringify(result);
}

function withMember(body: Json | undefined, path: readonly string[], value: string): JsonObject {
  const [name = '', ...rest] = path;
  const object = isJsonObject(body) ? body : {};
  return { ...object, [name]: rest.length === 0 ? value : withMember(object[name], rest, value) };
}

/** `JSON.rawJSON` of Node 22 and later, which the compiler's library does not know yet. */
const rawJson: unknown = Reflect.get(JSON, 'rawJSON');

function parseKeepingDigits(text: string): unknown {
  try {
    return JSON.parse(text, (_name, value: unknown, context?: { readonly source?: string }) => {
      if (typeof value !== 'number' || context?.source === undefined) return value;
      return typeof rawJson === 'function' ? Reflect.apply(rawJson, JSON, [context.source]) : value;
    });
  } catch {
    // The parser's own message quotes the body.
    return undefined;
  }
}

function cannotCarry(): UnprocessableError {
  return new UnprocessableError('the credential goes into the body, and this body cannot hold it', [
    { path: 'body', message: 'must be a JSON object or a form, and must not stream' },
  ]);
}
