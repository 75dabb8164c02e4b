/** A server that gives out tokens: answers in order, the last one for ever, and notes what it got. */
import { Readable } from 'node:stream';
import type { InboundResponse, OutboundRequest, SendHttp } from '#shared/http/http-message.ts';
import { Transient } from '#shared/kernel/transient.ts';
import type { TokenCallDeps } from '#shared/oauth/token/token-call.ts';
import type { BoundaryCall } from '#shared/wire/boundary-call.ts';
import { seededRandom } from './seeded-random.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface TokenServerAnswer {
  readonly status?: number;
  /** Sent as it stands where it is a text, else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TokenServerRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly timeoutMs: number | undefined;
}

export function aTokenServer(...answers: readonly TokenServerAnswer[]) {
  const sent: TokenServerRequest[] = [];
  const send: SendHttp = async (request: OutboundRequest): Promise<InboundResponse> => {
    const body = request.body?.reveal();
    sent.push({
      method: request.method,
      url: request.url.href,
      headers: request.headers,
      body: body === undefined ? undefined : String(body),
      timeoutMs: request.timeoutMs,
    });
    const answer = answers[Math.min(sent.length, answers.length) - 1] ?? {};
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? '');
    return {
      status: answer.status ?? 200,
      headers: answer.headers ?? {},
      body: Transient.of(Readable.from([Buffer.from(text)])),
    };
  };
  return { send, sent };
}

export function aTokenCallDeps(send: SendHttp, changes: Partial<TokenCallDeps> = {}) {
  const notes: BoundaryCall[] = [];
  return {
    send,
    clock: new VirtualClock(),
    random: seededRandom(),
    observe: (call: BoundaryCall) => {
      notes.push(call);
    },
    notes,
    ...changes,
  };
}
