/** What came of calls on records, as the API answers it: with the provider's rate limit on every answer. */
import { rateLimitHeaders } from '../../http/rate-limit.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { LeftOut, RecordList } from '../../unified/list-records.ts';
import type { RecordAnswer } from '../../unified/record-call.ts';
import type { WriteAnswer } from '../../unified/write-record.ts';
import type { Reply } from '../http/route.ts';

export interface RecordsBody {
  readonly data: JsonObject[];
  readonly next_cursor: string | null;
  readonly errors?: LeftOut[];
}

export function listReply(
  { records, leftOut, rateLimit }: RecordList,
  nextCursor: string | null,
  nowMs: number,
): Reply<RecordsBody> {
  return {
    headers: rateLimitHeaders(rateLimit, nowMs),
    body: {
      data: [...records.reveal()],
      next_cursor: nextCursor,
      ...(leftOut.length > 0 && { errors: [...leftOut] }),
    },
  };
}

/** `id` is all of it that is remembered, for an idempotent repeat. */
export function recordReply(answer: RecordAnswer, nowMs: number): Reply<JsonObject> {
  return { ...doneReply(answer, nowMs), body: answer.record.reveal() };
}

export function writtenReply(answer: WriteAnswer, nowMs: number): Reply<JsonObject> {
  const { record } = answer;
  return { ...doneReply(answer, nowMs), ...(record && { body: record.reveal() }) };
}

export function doneReply({ id, rateLimit }: WriteAnswer, nowMs: number): Reply<never> {
  return { ...(id !== undefined && { id }), headers: rateLimitHeaders(rateLimit, nowMs) };
}
