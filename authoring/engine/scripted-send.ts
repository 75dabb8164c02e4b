/**
 * A provider in memory that plays a fixture's exchanges, and says what of the requests is not as
 * the fixture has it. Obeys the contract of SendHttp.
 */
import { Readable } from 'node:stream';
import type { InboundResponse, OutboundRequest, SendHttp } from '#shared/http/http-message.ts';
import { Transient } from '#shared/kernel/transient.ts';
import { differences, missing } from '../fixtures/differences.ts';
import type { Exchange, FixtureAnswer } from '../fixtures/fixture.ts';

export interface ScriptedSend {
  readonly send: SendHttp;
  /** What was not as expected, one line each. */
  complaints(): readonly string[];
  played(): number;
}

/** The engine asked for more than the script holds. */
class ScriptEndedError extends Error {
  override readonly name = 'ScriptEndedError';
}

export function createScriptedSend(exchanges: readonly Exchange[]): ScriptedSend {
  const complaints: string[] = [];
  let played = 0;
  return {
    complaints: () => complaints,
    played: () => played,
    send: async (request) => {
      const exchange = exchanges[played];
      if (!exchange) {
        complaints.push(`one request too many: ${request.method} ${request.url.href}`);
        throw new ScriptEndedError('the fixture holds no further exchange');
      }
      const at = `exchanges[${played}].request`;
      played += 1;
      complaints.push(...(await compareRequest(exchange.request, request, at)));
      return toResponse(exchange.answer);
    },
  };
}

export function toResponse(answer: FixtureAnswer): InboundResponse {
  const bytes = bytesOf(answer);
  const type = answer.text === undefined && answer.base64 === undefined ? JSON_TYPE : {};
  return {
    status: answer.status,
    headers: { ...type, ...answer.headers },
    body: Transient.of(Readable.from(bytes.byteLength === 0 ? [] : [bytes])),
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };

export function bytesOf(answer: FixtureAnswer): Buffer {
  if (answer.base64 !== undefined) return Buffer.from(answer.base64, 'base64');
  if (answer.text !== undefined) return Buffer.from(answer.text);
  return answer.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(answer.body));
}

async function compareRequest(
  expected: Exchange['request'],
  found: OutboundRequest,
  at: string,
): Promise<readonly string[]> {
  const line = `${expected.method} ${canonicalUrl(new URL(expected.url))}`;
  const foundLine = `${found.method} ${canonicalUrl(found.url)}`;
  const address = line === foundLine ? [] : [`${at}: expected ${line}, found ${foundLine}`];
  const headers = missing(lowerNames(expected.headers), found.headers, `${at}.headers`);
  if (expected.body === undefined) return [...address, ...headers];
  const body = await readRequestBody(found, typeof expected.body === 'string');
  return [...address, ...headers, ...differences(expected.body, body, `${at}.body`)];
}

function lowerNames(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** The order of query parameters means nothing. */
export function canonicalUrl(url: URL): string {
  const parameters = [...url.searchParams].map(([name, value]) => `${name}=${value}`).sort();
  return `${url.origin}${url.pathname}?${parameters.join('&')}`;
}

async function readRequestBody(request: OutboundRequest, asText: boolean): Promise<unknown> {
  const body = request.body?.reveal();
  if (body === undefined) return undefined;
  const text =
    typeof body === 'string' ? body : Buffer.concat(await chunksOf(body)).toString('utf8');
  if (asText) return text;
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return formMembers(text);
  }
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    // No JSON after all: the difference then shows what it is.
    return text;
  }
}

async function chunksOf(body: Uint8Array | Readable): Promise<readonly Uint8Array[]> {
  if (body instanceof Uint8Array) return [body];
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return chunks;
}

/** A name that comes more than once has a list. */
function formMembers(text: string): Readonly<Record<string, unknown>> {
  const form = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const values = form.getAll(name);
      return [name, values.length > 1 ? values : values[0]];
    }),
  );
}
