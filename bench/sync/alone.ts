/** Each side of a sync alone, by the same HTTP client: what the whole is measured against. */
import { readBody } from '#shared/http/read-body.ts';
import { brandId } from '#shared/kernel/id.ts';
import { Transient } from '#shared/kernel/transient.ts';
import type { Engine } from './engine.ts';

/** Fetches page after page and reads no more of them than where the next one is. */
export async function fetchAlone({ send }: Engine, providerUrl: string): Promise<void> {
  const url = new URL('/api/tickets', providerUrl);
  let cursor: string | null = null;
  do {
    if (cursor !== null) url.searchParams.set('cursor', cursor);
    const response = await send({ method: 'GET', url, headers: {} });
    const body = await readBody(response.body, 1 << 24);
    cursor = JSON.parse(body.reveal().toString('utf8')).meta.next_cursor;
  } while (cursor !== null);
}

/** Signs and posts as many events as a sync does, each as large as one of 100 records. */
export async function postAlone({ post, receiver }: Engine, events: number): Promise<void> {
  const body = Buffer.from(JSON.stringify({ data: { text: 'x'.repeat(EVENT_BYTES) } }));
  for (let at = 0; at < events; at += 1) {
    const event = { id: brandId<'evt'>(`evt_${at}`), type: 'bench', body: Transient.of(body) };
    const { ok, reason } = await post(receiver, event);
    if (!ok) throw new Error(`an event was not taken: ${reason}`);
  }
}

/** What 100 mapped tickets of the sandbox take: 45 KB, measured. */
const EVENT_BYTES = 45_000;
