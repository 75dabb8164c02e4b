/**
 * One try to hand one event to one receiver.
 *
 * No redirect is followed (a 3xx is a failure), and what the receiver answers beyond its status
 * and `Retry-After` is read only so far that the connection can be used again, then forgotten.
 *
 * Errors  none: every way to fail is an outcome
 * Source  RFC 9110 §10.2.3 (Retry-After)
 */
import type { Readable } from 'node:stream';
import type { InboundResponse, SendHttp } from '../../http/http-message.ts';
import { ForbiddenAddressError } from '../../http/network-errors.ts';
import { readRetryAfter } from '../../http/time-units.ts';
import type { Clock } from '../../kernel/clock.ts';
import { UpstreamError } from '../../kernel/errors.ts';
import type { EventId } from '../../kernel/id.ts';
import { Transient } from '../../kernel/transient.ts';
import type { Receiver } from '../subscription/receivers.ts';
import { signatureHeaders } from '../subscription/sign.ts';
import { checkTargetUrl, InsecureUrlError } from '../subscription/subscription.ts';

export const DELIVERY_TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 65_536;

/** Why a try ended as it did; a stable word for logs and the deliveries list. */
export type PostReason =
  | 'delivered'
  | 'refused'
  | 'redirected'
  | 'gone'
  | 'timed_out'
  | 'unreachable'
  | 'forbidden_address'
  | 'insecure_url';

export interface PostOutcome {
  readonly ok: boolean;
  readonly reason: PostReason;
  /** Absent where no answer came. */
  readonly status?: number;
  /** How long the receiver asks us to wait. */
  readonly retryAfterMs?: number;
  readonly latencyMs: number;
}

export interface EncodedEvent {
  readonly id: EventId;
  readonly type: string;
  readonly body: Transient<Uint8Array>;
}

export type PostEvent = (receiver: Receiver, event: EncodedEvent) => Promise<PostOutcome>;

export function createPostEvent(deps: {
  readonly send: SendHttp;
  readonly clock: Clock;
  readonly allowLoopback: boolean;
  readonly timeoutMs?: number;
}): PostEvent {
  const timeoutMs = deps.timeoutMs ?? DELIVERY_TIMEOUT_MS;
  return async (receiver, event) => {
    const startedAtMs = deps.clock.now();
    const outcome = await attempt(deps, receiver, event, timeoutMs);
    return { ...outcome, latencyMs: deps.clock.now() - startedAtMs };
  };
}

type Attempt = Omit<PostOutcome, 'latencyMs'>;

async function attempt(
  deps: { readonly send: SendHttp; readonly clock: Clock; readonly allowLoopback: boolean },
  { subscription, secrets }: Receiver,
  event: EncodedEvent,
  timeoutMs: number,
): Promise<Attempt> {
  try {
    // Checked again at every send: the rule may have changed since the subscription was made.
    const url = checkTargetUrl(subscription.url, deps.allowLoopback);
    const body = event.body.reveal();
    const response = await deps.send({
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        'content-length': String(body.byteLength),
        'user-agent': 'Millrace-Webhooks/1',
        ...signatureHeaders({ eventId: event.id, atMs: deps.clock.now(), body, secrets }),
      },
      body: Transient.of(body),
      timeoutMs,
    });
    await discard(response.body.reveal());
    return judge(response, deps.clock.now());
  } catch (error) {
    return failure(error);
  }
}

function judge(response: InboundResponse, nowMs: number): Attempt {
  const { status } = response;
  if (status >= 200 && status < 300) return { ok: true, reason: 'delivered', status };
  if (status >= 300 && status < 400) return { ok: false, reason: 'redirected', status };
  if (status === 410) return { ok: false, reason: 'gone', status };
  const returnAtMs = readRetryAfter(response.headers['retry-after'] ?? '', nowMs);
  return {
    ok: false,
    reason: 'refused',
    status,
    ...(returnAtMs === undefined ? {} : { retryAfterMs: Math.max(0, returnAtMs - nowMs) }),
  };
}

function failure(error: unknown): Attempt {
  if (error instanceof InsecureUrlError) return { ok: false, reason: 'insecure_url' };
  if (error instanceof ForbiddenAddressError) return { ok: false, reason: 'forbidden_address' };
  if (!(error instanceof UpstreamError)) throw error;
  return { ok: false, reason: error.code === 'provider_timeout' ? 'timed_out' : 'unreachable' };
}

async function discard(body: Readable): Promise<void> {
  let seenBytes = 0;
  try {
    for await (const chunk of body) {
      seenBytes += Buffer.byteLength(chunk);
      // Leaving the loop destroys the stream, and the connection with it.
      if (seenBytes > MAX_ANSWER_BYTES) break;
    }
  } catch {
    // The status line has said what matters; an answer that breaks off changes nothing.
    body.destroy();
  }
}
