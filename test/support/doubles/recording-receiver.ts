/** A webhook receiver as the sender sees it: answers as told, and keeps what it accepted. */
import { Readable } from 'node:stream';
import type { OutboundRequest, SendHttp } from '#shared/http/http-message.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { Transient } from '#shared/kernel/transient.ts';

export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly sequence: number;
  readonly data: {
    readonly sync_job_run_id: string;
    readonly resource?: string;
    readonly records?: readonly { readonly id: string }[];
    readonly [member: string]: unknown;
  };
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly url: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RecordingReceiver {
  readonly send: SendHttp;
  /** Every post, whatever the answer was. */
  readonly posts: ReceivedEvent[];
  /** Those that were answered 2xx. */
  readonly accepted: ReceivedEvent[];
  answer: (event: ReceivedEvent, post: number) => Answer | Promise<Answer>;
}

export function createRecordingReceiver(clock?: Clock, latencyMs = 0): RecordingReceiver {
  const receiver: RecordingReceiver = {
    posts: [],
    accepted: [],
    answer: () => ({ status: 200 }),
    async send(request) {
      const event = eventOf(request);
      receiver.posts.push(event);
      if (clock && latencyMs > 0) await clock.sleep(latencyMs);
      const { status, headers = {} } = await receiver.answer(event, receiver.posts.length);
      if (status >= 200 && status < 300) receiver.accepted.push(event);
      return { status, headers, body: Transient.of(Readable.from([Buffer.from('thanks')])) };
    },
  };
  return receiver;
}

function eventOf({ url, headers, body }: OutboundRequest): ReceivedEvent {
  const bytes = Buffer.from(body?.reveal() as Uint8Array);
  return { ...JSON.parse(bytes.toString()), headers, body: bytes, url: url.href };
}
