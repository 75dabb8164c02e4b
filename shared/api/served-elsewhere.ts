/**
 * Routes that other functions serve: the document describes them, and the control plane, which gets
 * their paths' other methods, answers those 405 rather than 404.
 */
import { NotFoundError } from '../kernel/errors.ts';
import type { Endpoint } from './endpoint.ts';
import { recordEndpoints } from './record-endpoints.ts';
import type { Route } from './route.ts';
import { accountCheckEndpoints } from './routes/account-checks.ts';
import { accountRemovalEndpoint } from './routes/account-removal.ts';
import { accountCapabilities } from './routes/capabilities.ts';
import { proxy } from './routes/proxy.ts';
import { syncStream } from './routes/sync-stream.ts';

const elsewhere: readonly Endpoint[] = [
  ...accountCheckEndpoints,
  accountRemovalEndpoint,
  accountCapabilities,
  ...recordEndpoints,
  syncStream,
];

/** For the document. The proxy takes every method: there is none to refuse. */
export const endpointsElsewhere: readonly Endpoint[] = [...elsewhere, proxy];

export const routesElsewhere: readonly Route[] = elsewhere.map((endpoint) => ({
  endpoint,
  prepare() {
    throw new NotFoundError('another function serves this route');
  },
}));
