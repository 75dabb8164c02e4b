/** The proxies that ours is held against, each as its own documentation sets it up for speed. */
import {
  Agent,
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import { serveParent } from '../sync/child.ts';
import { cpuMs } from './cpu.ts';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

// These have no types of their own.
const load = createRequire(import.meta.url);
const fastProxy = load('fast-proxy') as (options: object) => {
  proxy(request: IncomingMessage, response: ServerResponse, url: string, options: object): void;
};
const httpProxy = load('http-proxy') as {
  createProxyServer(options: object): { readonly web: Listener };
};
const express = load('express') as () => Listener & { use(handler: ExpressHandler): void };

type ExpressHandler = (
  request: IncomingMessage & { readonly originalUrl: string },
  response: ServerResponse & {
    status(code: number): { set(headers: object): void };
  },
) => Promise<void>;

export type PeerName = 'node server alone' | 'fast-proxy' | 'http-proxy' | 'express + axios';

const agent = new Agent({ keepAlive: true, maxSockets: 128 });

const listeners: Readonly<Record<PeerName, (upstream: string) => RequestListener>> = {
  'node server alone': () => {
    const body = Buffer.alloc(2_000, 'x');
    return (_request, response) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': body.byteLength,
      });
      response.end(body);
    };
  },
  'fast-proxy': (base) => {
    const { proxy } = fastProxy({ base, undici: { connections: 128, pipelining: 1 } });
    return (request, response) => proxy(request, response, request.url ?? '/', {});
  },
  'http-proxy': (target) => {
    const proxy = httpProxy.createProxyServer({ target, agent });
    return (request, response) => proxy.web(request, response);
  },
  'express + axios': (upstream) => {
    const app = express();
    app.use(async (request, response) => {
      const { host: _, connection: __, ...headers } = request.headers;
      const answer = await axios.request({
        url: upstream + request.originalUrl,
        method: request.method ?? 'GET',
        headers,
        responseType: 'stream',
        decompress: false,
        httpAgent: agent,
        validateStatus: () => true,
      });
      response.status(answer.status).set(answer.headers);
      answer.data.pipe(response);
    });
    return app;
  },
};

const api = {
  /** Resolves to the proxy's origin. */
  listen: async (given: { readonly peer: PeerName; readonly upstream: string }) => {
    const server: Server = createServer(listeners[given.peer](given.upstream));
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
  cpuMs: (_: null) => cpuMs(),
};

export type PeerApi = typeof api;
serveParent(api);
