/**
 * The sandbox consumer: what an operator's product would run to receive Millrace's webhooks. It
 * verifies every signature over the raw bytes, drops redeliveries by event id, and counts.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyWebhook } from '../../client/verify-webhook.ts';

export interface ConsumedEvent {
  readonly id: string;
  readonly type: string;
  readonly sequence?: number;
  readonly integrated_account_id?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface ConsumerTally {
  readonly deliveries: number;
  readonly verified: number;
  readonly refused: number;
  /** Deliveries of an event that was already held. */
  readonly redeliveries: number;
  /** Distinct records by resource, and events by type. */
  readonly records: Readonly<Record<string, number>>;
  readonly events: Readonly<Record<string, number>>;
}

export interface ConsumerOptions {
  readonly port?: number;
  /** Added to every answer. */
  readonly latencyMs?: number;
  /** The status to answer a verified delivery with; default 200. Tests refuse some. */
  readonly answer?: (event: ConsumedEvent, delivery: number) => number;
  /** Sees each verified event, redeliveries too. */
  readonly onEvent?: (event: ConsumedEvent) => void;
}

export interface Consumer {
  readonly url: string;
  /** The subscription's secret, known only after the subscription is made. */
  trust(secret: string): void;
  tally(): ConsumerTally;
  close(): Promise<void>;
}

export async function startConsumer(options: ConsumerOptions = {}): Promise<Consumer> {
  const secrets: string[] = [];
  const seenEvents = new Set<string>();
  const seenRecords = new Map<string, Set<string>>();
  const events: Record<string, number> = {};
  const counts = { deliveries: 0, verified: 0, refused: 0, redeliveries: 0 };

  const receive = (event: ConsumedEvent): void => {
    if (seenEvents.has(event.id)) {
      counts.redeliveries += 1;
      return;
    }
    seenEvents.add(event.id);
    events[event.type] = (events[event.type] ?? 0) + 1;
    for (const [resource, recordId] of recordIdsOf(event)) {
      const held = seenRecords.get(resource) ?? new Set();
      seenRecords.set(resource, held.add(recordId));
    }
  };

  const server = createServer(async (request, response) => {
    const body = await readBytes(request);
    counts.deliveries += 1;
    const verdict = verifyWebhook(request.headers, body, { secrets, nowMs: Date.now() });
    if (!verdict.ok) {
      counts.refused += 1;
      response.writeHead(401).end(verdict.reason);
      return;
    }
    counts.verified += 1;
    const event: ConsumedEvent = JSON.parse(body.toString('utf8'));
    const status = options.answer?.(event, counts.deliveries) ?? 200;
    options.onEvent?.(event);
    if (status >= 200 && status < 300) receive(event);
    const reply = () => response.writeHead(status).end();
    if (options.latencyMs) setTimeout(reply, options.latencyMs);
    else reply();
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    trust: (secret) => void secrets.push(secret),
    tally: () => ({
      ...counts,
      events: { ...events },
      records: Object.fromEntries([...seenRecords].map(([name, ids]) => [name, ids.size])),
    }),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function recordIdsOf(event: ConsumedEvent): readonly (readonly [string, string])[] {
  if (event.type !== 'sync_job_run:record') return [];
  const { resource, records } = event.data;
  if (typeof resource !== 'string' || !Array.isArray(records)) return [];
  return records.map((record: { readonly id: unknown }) => [resource, String(record.id)]);
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
