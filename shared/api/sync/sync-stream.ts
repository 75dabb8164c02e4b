/** A run as one answer: its events as lines of NDJSON. */
import { Readable } from 'node:stream';
import * as z from 'zod';
import { Transient } from '../../kernel/transient.ts';
import type { StartRequest } from '../../sync/start/start-run.ts';
import type { StreamedRun } from '../../sync/stream/stream.ts';
import { endpoint, noBody } from '../http/endpoint.ts';
import { type Route, route } from '../http/route.ts';
import { idParam } from '../http/schemas.ts';
import { startBody, startOf } from './start-body.ts';

export const syncStream = endpoint({
  method: 'POST',
  path: '/v1/sync-jobs/{id}/stream',
  scopes: ['sync'],
  summary: 'Runs a job for an integrated account and answers with its events, one a line.',
  input: z.object({ params: idParam<'job'>(), body: startBody }),
  response: noBody,
  responseType: 'application/x-ndjson',
  status: 200,
});

export interface SyncStreamDeps {
  /** `deadlineMs`: when the answer must be complete. */
  readonly streamRun: (request: StartRequest, deadlineMs: number) => Promise<StreamedRun>;
}

export function syncStreamRoute({ streamRun }: SyncStreamDeps): Route {
  return route(syncStream, {
    async run({ params: { id }, body, caller, request }) {
      const { run, lines } = await streamRun(startOf(caller, id, body), request.deadlineMs);
      return {
        id: run.id,
        headers: { 'content-type': 'application/x-ndjson', 'x-sync-run-id': run.id },
        stream: Transient.of(readableOf(lines)),
      };
    },
  });
}

/** Asks for a line only when the one before has been taken: that is what the run takes for delivery. */
function readableOf(lines: AsyncIterable<Transient<Buffer>>): Readable {
  return Readable.from(revealed(lines), { objectMode: false, highWaterMark: 1 });
}

async function* revealed(lines: AsyncIterable<Transient<Buffer>>): AsyncGenerator<Buffer> {
  for await (const line of lines) yield line.reveal();
}
