/**
 * `Server-Timing` on every answer of an API that calls providers: what we took ourselves, and what
 * we waited for the provider, until the head of the answer.
 *
 * Shape   `own;dur=0.412, provider;dur=87.3`, before whatever the provider's own header says
 * Units   milliseconds of a monotonic clock
 * Source  W3C Server Timing
 */
import { type MonotonicMs, metered, ProviderWait } from '../../wire/provider-wait.ts';
import type { ServeApi } from './api-message.ts';

const HEADER = 'server-timing';

export function withServerTiming(serve: ServeApi, nowMs: MonotonicMs): ServeApi {
  return async (request) => {
    const startedMs = nowMs();
    const wait = new ProviderWait(nowMs);
    const answer = await metered(wait, () => serve(request));
    const ownMs = Math.max(0, nowMs() - startedMs - wait.ms);
    const ours = `own;dur=${ownMs.toFixed(3)}, provider;dur=${wait.ms.toFixed(3)}`;
    const theirs = answer.headers[HEADER];
    const timing = theirs === undefined ? ours : `${ours}, ${theirs}`;
    return { ...answer, headers: { ...answer.headers, [HEADER]: timing } };
  };
}
