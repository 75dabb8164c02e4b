/** The proxies that ours is held against, each as its own documentation sets it up for speed. */
import { Agent, createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import express from 'express';
import fastProxy from 'fast-proxy';
import httpProxy from 'http-proxy';
import { serveParent } from '../sync/child.ts';
import { cpuMs } from './cpu.ts';

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
