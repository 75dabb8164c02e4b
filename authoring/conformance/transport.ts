/** Answers that come late, in part, or not at all. */
import { ProviderTimeoutError, ProviderUnreachableError } from '#shared/http/network-errors.ts';
import { bytesOf } from '../engine/scripted-send.ts';
import { atFirstPage, half, isJsonAnswer, pageAnswer, streamed } from './answers.ts';
import { failsForGood, failsForNow } from './judges.ts';
import type { ListUnderTest } from './list-under-test.ts';
import type { Asked, Misbehaviour } from './misbehaviour.ts';

/** As shared/http/request.ts has it where the caller sets none. */
const DEFAULT_TIMEOUT_MS = 15_000;
const RETRY = { retry: { afterMs: 5_000 } };

export const slowDrip: Misbehaviour = {
  code: 'slow_drip',
  expected: 'provider_timeout, tried again later',
  plays: (list) => [
    {
      form: 'a byte a second',
      answer: atFirstPage(list, (asked) => streamed(pageAnswer(list), drip(asked))),
      judge: failsForNow('provider_timeout'),
    },
  ],
};

/** Ends as the HTTP client ends it: at the time limit that the engine gave. */
async function* drip({ request, clock }: Asked): AsyncGenerator<Buffer> {
  const untilMs = clock.now() + (request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  while (clock.now() < untilMs) {
    await clock.sleep(1_000);
    yield Buffer.from(' ');
  }
  throw new ProviderTimeoutError('the provider took too long to answer', {}, RETRY);
}

export const brokenOff: Misbehaviour = {
  code: 'connection_lost',
  expected: 'provider_unreachable, tried again later',
  plays: (list) => [
    {
      form: 'before the answer',
      answer: atFirstPage(list, () => {
        throw lost();
      }),
      judge: failsForNow('provider_unreachable'),
    },
    {
      form: 'in the middle of the body',
      answer: atFirstPage(list, () => streamed(pageAnswer(list), halfThenLost(list))),
      judge: failsForNow('provider_unreachable'),
    },
  ],
};

async function* halfThenLost(list: ListUnderTest): AsyncGenerator<Buffer> {
  yield half(pageAnswer(list));
  throw lost();
}

function lost(): ProviderUnreachableError {
  return new ProviderUnreachableError('the provider broke off its answer', {}, RETRY);
}

export const truncatedBody: Misbehaviour = {
  code: 'truncated_body',
  expected: 'provider_error: the answer cannot be read',
  plays(list) {
    const answer = pageAnswer(list);
    if (!isJsonAnswer(answer)) return 'its format does not tell where it ends';
    if (bytesOf(answer).byteLength === 0) return 'its first page has no body';
    return [
      {
        form: 'ends in the middle, as if whole',
        answer: atFirstPage(list, () => streamed(answer, [half(answer)])),
        judge: failsForGood,
      },
    ];
  },
};

/** Beyond any limit that makes sense; the engine must stop reading long before. */
const HUGE_BYTES = 1_024 * 1_024 * 1_024;
const CHUNK = Buffer.alloc(1_024 * 1_024, ' ');

export const hugeBody: Misbehaviour = {
  code: 'huge_body',
  expected: 'provider_error, long before it has been read',
  plays(list) {
    let readBytes = 0;
    return [
      {
        form: 'a gigabyte',
        answer: atFirstPage(list, () =>
          streamed(
            pageAnswer(list),
            endless((bytes) => {
              readBytes += bytes;
            }),
          ),
        ),
        judge: (played) =>
          failsForGood(played) ??
          (readBytes >= HUGE_BYTES ? 'read the whole of it into memory' : undefined),
      },
    ];
  },
};

async function* endless(onRead: (bytes: number) => void): AsyncGenerator<Buffer> {
  for (let sent = 0; sent < HUGE_BYTES; sent += CHUNK.byteLength) {
    onRead(CHUNK.byteLength);
    yield CHUNK;
  }
}
