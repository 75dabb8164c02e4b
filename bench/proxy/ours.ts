/** The measured process: our proxy path behind Node's HTTP server. Bundled as a function is. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiRequest, ServeApi } from '#shared/api/http/api-message.ts';
import { pour } from '#shared/http/pour.ts';
import { Transient } from '#shared/kernel/transient.ts';
import { serveParent } from '../sync/child.ts';
import { cpuMs } from './cpu.ts';
import { openProxyEngine } from './engine.ts';

const NO_BODY = Transient.of(Buffer.alloc(0));

function requestOf(request: IncomingMessage): ApiRequest {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = typeof value === 'string' ? value : (value ?? []).join(', ');
  }
  return {
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers,
    body: NO_BODY,
    deadlineMs: Number.MAX_SAFE_INTEGER,
  };
}

async function answer(serve: ServeApi, request: IncomingMessage, response: ServerResponse) {
  const { status, headers, body } = await serve(requestOf(request));
  response.writeHead(status, headers);
  if (body.kind === 'stream') await pour(body.bytes.reveal(), response);
  else response.end(body.kind === 'json' ? (body.text ?? JSON.stringify(body.value)) : undefined);
}

const api = {
  /** Resolves to our origin, and to what a caller must send. */
  listen: async ({ upstream }: { readonly upstream: string }) => {
    const { serve, headers } = await openProxyEngine(upstream);
    const server = createServer((request, response) => {
      answer(serve, request, response).catch(() => response.destroy());
    });
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { origin, headers };
  },
  cpuMs: (_: null) => cpuMs(),
  /** Reads a page and writes it again, so often: what no mapping can do without. */
  rewrite: ({ page, times }: { readonly page: string; readonly times: number }) => {
    const bytes = Buffer.from(page);
    let written = 0;
    for (let turn = 0; turn < times; turn += 1) {
      written += JSON.stringify(JSON.parse(bytes.toString())).length;
    }
    return written;
  },
};

export type OursApi = typeof api;
serveParent(api);
