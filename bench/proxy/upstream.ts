/** A provider that costs next to nothing: three bodies, made before they are asked for. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeSandboxData } from '../../local/sandbox/data.ts';
import { serveParent } from '../sync/child.ts';

const bodyOf = (bytes: number) => {
  const record = JSON.stringify({ id: 1, subject: 'A printer', status: 'open', tags: ['a', 'b'] });
  const records = Array.from({ length: Math.ceil(bytes / record.length) }, () => record);
  return Buffer.from(`{"tickets":[${records.join(',')}]}`);
};
/** One page. */
const CONTACTS = 100;
const contacts = makeSandboxData(1).contacts.slice(0, CONTACTS);
const BODIES: Readonly<Record<string, Buffer>> = {
  '2k': bodyOf(2_000),
  '200k': bodyOf(200_000),
  contacts: Buffer.from(JSON.stringify(contacts)),
};

const server = createServer((request, response) => {
  const name = request.url?.split('?')[0]?.split('/').at(-1) ?? '';
  const body = BODIES[name];
  response.writeHead(body ? 200 : 404, {
    'content-type': 'application/json',
    'content-length': body?.byteLength ?? 0,
    'x-request-id': '7f3c2f0e-2f6e-4c36-9d4e-0a5c1f6f9a11',
    'x-ratelimit-limit': '1000000',
    'x-ratelimit-remaining': '999999',
    'x-ratelimit-reset': '4102444800',
  });
  response.end(body);
});
server.keepAliveTimeout = 60_000;

const api = {
  /** Resolves to the upstream's origin. */
  listen: async (_: null): Promise<string> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
};

export type UpstreamApi = typeof api;
serveParent(api);
