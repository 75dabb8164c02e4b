/** Where an integration calls: its base URLs, and the hosts beyond which nothing is ever called. */
import { ForbiddenAddressError } from '../../http/network-errors.ts';
import type { AccountAddress, Auth } from '../auth/plan.ts';
import type { Integration } from '../document/plan.ts';
import type { IntegrationSource } from '../document/source.ts';
import type { CompileContext } from '../template/context.ts';
import { MissingInputError, type Template } from '../template/template.ts';
import { type AllowedHost, isAllowedHost, parseAllowedHost, pinnedHost } from './hosts.ts';
import { renderAddress, renderAllowedHost } from './render-address.ts';

export type Address = Pick<Integration, 'baseUrl' | 'allowsHost' | 'allowsClientAt'>;

export function compileAddress(
  source: IntegrationSource,
  auths: Readonly<Record<string, Auth>>,
  context: CompileContext,
): Address {
  const base = context.template(source.base_url, ['base_url'], ['conn']);
  const hosts = source.hosts.map((host, index) =>
    context.template(host, ['hosts', index], ['conn']),
  );
  for (const [index, host] of hosts.entries()) {
    if (host.paths.length === 0 && !parseAllowedHost(host.text)) {
      context.fault(['hosts', index], 'must be a host name in lower case, *.name or a template');
    }
  }
  const pinned = hosts.map(({ text }) => pinnedHost(text)).filter((host) => host !== undefined);
  const allowsHost = (url: URL, connection: AccountAddress['connection']) =>
    isAllowedHost(url, renderHosts(hosts, connection));
  return {
    allowsHost,
    allowsClientAt: (url) => isAllowedHost(url, pinned),
    baseUrl({ auth, connection }, own) {
      const ofAuth = Object.hasOwn(auths, auth) ? auths[auth]?.baseUrl : undefined;
      const text = renderAddress(own ?? ofAuth ?? base, connection)?.replace(/\/+$/, '') ?? '';
      const url = URL.canParse(text) ? new URL(text) : undefined;
      if (url?.search !== '' || url.hash !== '' || !allowsHost(url, connection)) {
        throw new ForbiddenAddressError('the base URL is not on the allow-list of hosts', {
          reason: 'host_not_allowed',
        });
      }
      return url;
    },
  };
}

/** An entry that names an input which the account lacks allows nothing. */
function renderHosts(
  hosts: readonly Template[],
  connection: AccountAddress['connection'],
): readonly AllowedHost[] {
  return hosts.flatMap((host) => {
    const allowed = renderHost(host, connection);
    return allowed ? [allowed] : [];
  });
}

function renderHost(host: Template, connection: AccountAddress['connection']) {
  try {
    return renderAllowedHost(host, connection);
  } catch (error) {
    if (error instanceof MissingInputError) return undefined;
    throw error;
  }
}
