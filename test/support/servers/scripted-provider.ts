/**
 * A provider on loopback that plays a script and records what it was asked: every misbehaviour that
 * real providers show, on purpose.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, unless it is a text or bytes. */
  readonly body?: unknown;
  /** Resets the connection: before the answer, or in the middle of its body. */
  readonly breakOff?: 'before_answer' | 'mid_body';
  /** Sends half of the body and then nothing, for ever. */
  readonly stall?: boolean;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The caller's port: tells one connection from another. */
  readonly fromPort: number;
}

export interface ScriptedProvider {
  readonly url: string;
  readonly asked: readonly Asked[];
  stop(): Promise<void>;
}

/** A list is played in order, its last reply for ever; a function answers each request itself. */
export type Script = readonly Reply[] | ((asked: Asked, index: number) => Reply);

export async function startScriptedProvider(script: Script): Promise<ScriptedProvider> {
  const asked: Asked[] = [];
  const replyTo = (request: Asked): Reply => {
    const index = asked.length - 1;
    if (typeof script === 'function') return script(request, index);
    return script[Math.min(index, script.length - 1)] ?? { status: 500 };
  };
  const server = createServer((request, response) => {
    void readAsked(request).then((one) => {
      asked.push(one);
      play(replyTo(one), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readAsked(request: IncomingMessage): Promise<Asked> {
  const url = new URL(request.url ?? '/', 'http://provider.test');
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(headers),
    body,
    fromPort: request.socket.remotePort ?? 0,
  };
}

function play(reply: Reply, response: ServerResponse): void {
  if (reply.breakOff === 'before_answer') {
    response.socket?.destroy();
    return;
  }
  const { body } = reply;
  const bytes =
    body === undefined
      ? Buffer.alloc(0)
      : Buffer.from(
          typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
        );
  response.writeHead(reply.status ?? 200, {
    'content-type': 'application/json',
    'content-length': bytes.byteLength,
    ...reply.headers,
  });
  if (reply.breakOff === undefined && !reply.stall) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, Math.floor(bytes.byteLength / 2)), () => {
    if (reply.breakOff === 'mid_body') response.socket?.destroy();
  });
}
