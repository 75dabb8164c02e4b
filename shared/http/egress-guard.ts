/**
 * Which URLs and addresses may be called: public ones, over TLS.
 *
 * A name is judged twice: as text before anything is sent, and by every address it resolves to at
 * the moment of connecting, because a name may change its address between two looks. IPv6 is
 * refused unless it is global unicast and not special.
 *
 * Ports are not judged here: which of a host may be called, the integration's allow-list says, and it
 * takes none but the scheme's own from an account (integration/compile/render-address.ts).
 *
 * Errors  ForbiddenAddressError (network-errors.ts)
 * Source  IANA IPv4 and IPv6 Special-Purpose Address Registries; RFC 6761, 6762, 8375 (special names)
 */
import { BlockList, isIP } from 'node:net';
import { ForbiddenAddressError } from './network-errors.ts';

const SPECIAL_IPV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // The platform's own services inside a cloud, at a public address.
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** Inside 2000::/3; everything outside is refused as a whole. */
const SPECIAL_IPV6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const;

/** Names that never belong to the public DNS, or that private networks use as if they did not. */
const SPECIAL_NAME =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa|arpa|svc|test|example|invalid|onion|alt)$/;

const special = new BlockList();
for (const [address, bits] of SPECIAL_IPV4) special.addSubnet(address, bits, 'ipv4');
for (const [address, bits] of SPECIAL_IPV6) special.addSubnet(address, bits, 'ipv6');
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/** Whether an IP address, as text without brackets, is a public unicast address. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special.check(address, 'ipv4');
    case 6:
      // A zone (`fe80::1%eth0`) only makes sense on a link, never across the internet.
      return (
        !address.includes('%') &&
        globalUnicast.check(address, 'ipv6') &&
        !special.check(address, 'ipv6')
      );
    default:
      return false;
  }
}

export interface EgressPolicy {
  /** Whether `http://127.0.0.1`, `[::1]` and `localhost` may be called: on a developer's machine only. */
  readonly allowLoopback: boolean;
}

/** The host of a URL or of a connection, without the brackets of IPv6. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

export function isLoopbackHost(hostname: string): boolean {
  return ['127.0.0.1', '::1', 'localhost'].includes(bareHost(hostname));
}

/** Loopback proper, as a resolver or a socket names it. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
}

/**
 * Judges a URL by its text.
 *
 * @throws ForbiddenAddressError
 */
export function checkUrl(url: URL, policy: EgressPolicy): void {
  const reason = forbiddenReason(url, policy);
  if (reason) throw new ForbiddenAddressError('the address is not allowed', { reason });
}

function forbiddenReason(url: URL, policy: EgressPolicy): string | undefined {
  if (url.username !== '' || url.password !== '') return 'user_info';
  if (policy.allowLoopback && isLoopbackHost(url.hostname)) {
    return url.protocol === 'http:' || url.protocol === 'https:' ? undefined : 'scheme';
  }
  if (url.protocol !== 'https:') return 'scheme';
  if (url.port === '0') return 'port';
  return forbiddenHostReason(bareHost(url.hostname));
}

function forbiddenHostReason(host: string): string | undefined {
  if (isIP(host)) return isPublicAddress(host) ? undefined : 'address';
  // `a.example.` is the same host as `a.example` to DNS and another one to an allow-list.
  if (host === '' || host.endsWith('.')) return 'host';
  if (!host.includes('.') || SPECIAL_NAME.test(host)) return 'special_name';
  return undefined;
}

/**
 * Judges the addresses that a host resolved to, or the one that a socket is connected to. One bad
 * address among them refuses the host: it is not for us to pick the good one.
 *
 * @throws ForbiddenAddressError
 */
export function checkAddresses(
  hostname: string,
  addresses: readonly string[],
  policy: EgressPolicy,
): void {
  const loopback = policy.allowLoopback && isLoopbackHost(hostname);
  const allowed = (address: string) =>
    isPublicAddress(address) || (loopback && isLoopbackAddress(address));
  if (addresses.length === 0 || !addresses.every(allowed)) {
    throw new ForbiddenAddressError('the address is not allowed', { reason: 'address' });
  }
}
