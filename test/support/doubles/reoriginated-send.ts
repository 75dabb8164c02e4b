/**
 * The real HTTP client, with some origins served on loopback: for integrations whose address is
 * fixed. What the server says of itself in headers and bodies is brought back to the origin that
 * the engine called, so that next URLs and links stay where they belong.
 */
import { Readable } from 'node:stream';
import type { SendHttp } from '../../../shared/http/http-message.ts';
import { readBody } from '../../../shared/http/read-body.ts';
import { createSendHttp } from '../../../shared/http/request.ts';

export interface Relocation {
  /** What the integration calls, up to where paths differ: `https://api.example.com/api/1.0`. */
  readonly from: string;
  /** `http://127.0.0.1:4001`. */
  readonly to: string;
}

const MAX_BODY_BYTES = 64 * 1_024 * 1_024;

/** @param watch is told of every answer's status and text */
export function createReoriginatedSend(
  relocations: readonly Relocation[],
  watch: (status: number, text: string) => void = () => undefined,
): SendHttp {
  const send = createSendHttp({ allowLoopback: true });
  return async (request) => {
    const place = relocations.find(({ from }) => request.url.href.startsWith(from));
    if (!place) throw new Error(`nothing on loopback stands for ${request.url.origin}`);
    const url = new URL(place.to + request.url.href.slice(place.from.length));
    const response = await send({ ...request, url });
    const body = await readBody(response.body, MAX_BODY_BYTES);
    watch(response.status, body.reveal().toString('utf8'));
    const back = (text: string) =>
      text
        .replaceAll(place.to, place.from)
        .replaceAll(place.to.replace('127.0.0.1', 'localhost'), place.from);
    const headers = Object.entries(response.headers).map(([name, text]) => [name, back(text)]);
    return {
      status: response.status,
      headers: Object.fromEntries(headers.filter(([name]) => name !== 'content-length')),
      body: body.map((bytes) => Readable.from([Buffer.from(back(bytes.toString('utf8')))])),
    };
  };
}
