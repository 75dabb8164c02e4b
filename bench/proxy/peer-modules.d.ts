/** Packages that have no types of their own: what the bench uses of them. */
declare module 'fast-proxy' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export default function fastProxy(options: object): {
    proxy(request: IncomingMessage, response: ServerResponse, url: string, options: object): void;
  };
}

declare module 'http-proxy' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  const httpProxy: {
    createProxyServer(options: object): {
      web(request: IncomingMessage, response: ServerResponse): void;
    };
  };
  export default httpProxy;
}

declare module 'express' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

  type Handler = (
    request: IncomingMessage & { readonly originalUrl: string },
    response: ServerResponse & { status(code: number): { set(headers: object): void } },
  ) => Promise<void>;

  export default function express(): RequestListener & { use(handler: Handler): void };
}
