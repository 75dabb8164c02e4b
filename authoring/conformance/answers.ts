/** Answers, good ones turned bad. */
import { Readable } from 'node:stream';
import type { InboundResponse, OutboundRequest } from '#shared/http/http-message.ts';
import type { Json } from '#shared/kernel/json.ts';
import { Transient } from '#shared/kernel/transient.ts';
import { bytesOf, toResponse } from '../engine/scripted-send.ts';
import type { Exchange, FixtureAnswer } from '../fixtures/fixture.ts';
import type { ListUnderTest } from './list-under-test.ts';
import type { Play } from './misbehaviour.ts';

/** Stands in bodies that nobody may quote. */
export const CANARY = 'canary-5f1c';

/** The fixture's own answer to that request; after the last one, the last page again. */
export function goodAnswer(list: ListUnderTest, index: number): InboundResponse {
  const exchange = list.exchanges[index] ?? list.exchanges[list.pages.at(-1) ?? 0];
  return toResponse(exchange?.answer ?? { status: 200, headers: {} });
}

/**
 * Where requests no longer come in the fixture's order: its next answer to the same path, else the
 * last page of the list, else whatever it answered there before.
 */
export function matchingAnswer(
  list: ListUnderTest,
  request: OutboundRequest,
  index: number,
): InboundResponse {
  const { exchanges, pages } = list;
  const isThere = (one: Exchange | undefined) =>
    one !== undefined && new URL(one.request.url).pathname === request.url.pathname;
  const last = exchanges[pages.at(-1) ?? 0];
  const found =
    exchanges.slice(index).find(isThere) ?? (isThere(last) ? last : exchanges.findLast(isThere));
  return found ? toResponse(found.answer) : goodAnswer(list, index);
}

export function firstPage(list: ListUnderTest): number {
  return list.pages[0] ?? 0;
}

export function pageAnswer(list: ListUnderTest): FixtureAnswer {
  return list.exchanges[firstPage(list)]?.answer ?? { status: 200, headers: {} };
}

/** The fixture's answers up to the first page, and from there on a bad one. */
export function atFirstPage(list: ListUnderTest, bad: Play['answer']): Play['answer'] {
  return (asked) => (asked.index < firstPage(list) ? goodAnswer(list, asked.index) : bad(asked));
}

export function isJsonAnswer({ text, base64 }: FixtureAnswer): boolean {
  return text === undefined && base64 === undefined;
}

export function json(status: number, body: Json, headers = {}): InboundResponse {
  return toResponse({ status, headers, body });
}

export function text(status: number, type: string, content: string): InboundResponse {
  return toResponse({ status, headers: { 'content-type': type }, text: content });
}

/** The same head; the body as given. */
export function streamed(
  answer: FixtureAnswer,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): InboundResponse {
  const { status, headers } = toResponse(answer);
  const body = Readable.from(chunks);
  // A body that nobody reads to its end must not bring the process down.
  body.on('error', () => undefined);
  return { status, headers, body: Transient.of(body) };
}

/** The first half of its bytes. */
export function half(answer: FixtureAnswer): Buffer {
  const bytes = bytesOf(answer);
  return bytes.subarray(0, Math.floor(bytes.byteLength / 2));
}
