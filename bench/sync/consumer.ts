/**
 * A consumer that verifies every signature, counts records, and answers after a while. It works
 * while it waits, so that its latency is what was asked for. Runs in a process of its own.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyWebhook } from '../../client/verify-webhook.ts';
import { serveParent } from './child.ts';

export interface Tally {
  readonly records: number;
  readonly refused: number;
}

const secrets: string[] = [];
let latencyMs = 0;
let records = 0;
let refused = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    let status = 200;
    const answer = () => response.writeHead(status, { 'content-length': 0 }).end();
    if (latencyMs > 0) setTimeout(answer, latencyMs);
    const body = Buffer.concat(chunks);
    if (verifyWebhook(request.headers, body, { secrets, nowMs: Date.now() }).ok) {
      const { data } = JSON.parse(body.toString('utf8'));
      records += Array.isArray(data.records) ? data.records.length : 0;
    } else {
      refused += 1;
      status = 401;
    }
    if (latencyMs === 0) answer();
  });
});
server.keepAliveTimeout = 60_000;

const api = {
  /** Resolves to the address of the webhook. */
  listen: async (_: null): Promise<string> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
  },
  trust: (secret: string): void => void secrets.push(secret),
  answerAfter: (ms: number): void => {
    latencyMs = ms;
  },
  /** What came since it was asked last. */
  tally: (_: null): Tally => {
    const tally = { records, refused };
    [records, refused] = [0, 0];
    return tally;
  },
};

export type ConsumerApi = typeof api;
serveParent(api);
