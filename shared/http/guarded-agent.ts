/**
 * Connections that only go where the egress guard lets them: the one place that knows the HTTP
 * client we use.
 *
 * Every address of a name is judged when the name is resolved for a new connection, and the address
 * that the socket really reached is judged again. The process's proxy variables are not read.
 *
 * Errors  ForbiddenAddressError, handed to every request that waits for the connection
 */
import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import buildConnector from 'undici/lib/core/connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import { bareHost, checkAddresses, type EgressPolicy } from './egress-guard.ts';

export interface AgentOptions extends EgressPolicy {
  /** How names become addresses. Default: the system's resolver. */
  readonly lookup?: LookupFunction;
  /** How sockets are made, names being resolved as it is told. Default: the client's own way. */
  readonly buildConnector?: typeof buildConnector;
}

export type GuardedAgent = InstanceType<typeof Agent>;

/** Well below the hard limit of a call, so that a dead host is told from a slow one. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Longer than most servers keep an idle connection would only find it closed. */
const KEEP_ALIVE_MS = 4_000;
/** RFC 9110 sets no limit; Node's own server default. */
const MAX_HEADER_BYTES = 16_384;

export function createGuardedAgent(options: AgentOptions): GuardedAgent {
  const connect = (options.buildConnector ?? buildConnector)({
    timeout: CONNECT_TIMEOUT_MS,
    lookup: guardedLookup(options),
    autoSelectFamily: true,
  });
  return new Agent({
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    // The hard limit of a call covers both, see request.ts.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(target, callback) {
      const host = bareHost(target.hostname);
      // A literal address is never looked up, so it is judged here.
      const refusal = isIP(host) ? refusalOf(host, [host], options) : undefined;
      if (refusal) return callback(refusal, null);
      connect(target, (error, socket) => {
        if (error || !socket) return callback(error ?? new Error('no socket'), null);
        const reached = refusalOf(host, [socket.remoteAddress ?? ''], options);
        if (!reached) return callback(null, socket);
        socket.destroy();
        callback(reached, null);
      });
    },
  });
}

function guardedLookup(options: AgentOptions): LookupFunction {
  const lookup = options.lookup ?? systemLookup;
  return (hostname, lookupOptions, callback) => {
    lookup(hostname, { ...lookupOptions, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const found = typeof addresses === 'string' ? [] : addresses;
      const refusal = refusalOf(
        hostname,
        found.map(({ address }) => address),
        options,
      );
      if (refusal) return callback(refusal, []);
      const [first] = found;
      if (lookupOptions.all || !first) return callback(null, found);
      callback(null, first.address, first.family);
    });
  };
}

function refusalOf(
  hostname: string,
  addresses: readonly string[],
  policy: EgressPolicy,
): Error | undefined {
  try {
    checkAddresses(hostname, addresses, policy);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error('the egress guard failed');
  }
}
