/**
 * Routes that other functions serve: the document describes them, and the control plane, which gets
 * their paths' other methods, answers those 405 rather than 404.
 */
import { NotFoundError } from '../../kernel/errors.ts';
import { accountCheckEndpoints } from '../accounts/account-checks.ts';
import { accountRemovalEndpoint } from '../accounts/account-removal.ts';
import type { Endpoint } from '../http/endpoint.ts';
import type { Route } from '../http/route.ts';
import { accountCapabilities } from '../integrations/capabilities.ts';
import { proxy } from '../proxy/proxy.ts';
import { recordEndpoints } from '../records/record-endpoints.ts';
import { syncStream } from '../sync/sync-stream.ts';

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
