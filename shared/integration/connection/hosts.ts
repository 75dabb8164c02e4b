/**
 * The hosts allow-list: which hosts an integration may call at all.
 *
 * Shape   `api.example.com`, `*.example.com` (one or more labels), or a template of one of these or
 *         of a whole URL, whose host and port then count
 */
export interface AllowedHost {
  /** Lower case; starts with `*.` for every subdomain. */
  readonly host: string;
  /** Empty: the scheme's own port. */
  readonly port: string;
}

/** Undefined where the rendered entry is neither a host nor a URL. */
export function parseAllowedHost(rendered: string): AllowedHost | undefined {
  if (rendered.includes('://')) {
    if (!URL.canParse(rendered)) return undefined;
    const url = new URL(rendered);
    return { host: url.hostname, port: url.port };
  }
  const [, host, port] =
    /^((?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?$/.exec(rendered) ?? [];
  return host === undefined ? undefined : { host, port: port ?? '' };
}

export function isAllowedHost(url: URL, allowed: readonly AllowedHost[]): boolean {
  return allowed.some(({ host, port }) => {
    if (url.port !== port) return false;
    return host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host;
  });
}

/**
 * What an entry allows whatever an account's inputs are: a literal one itself, a template with a
 * literal end every host below it, `{{conn.subdomain}}.acme.com` no other than `*.acme.com` does.
 * Undefined for a template that yields the whole host.
 */
export function pinnedHost(entry: string): AllowedHost | undefined {
  if (!entry.includes('{{')) return parseAllowedHost(entry);
  const authority = authorityOf(entry);
  const end = authority.slice(authority.lastIndexOf('}}') + '}}'.length);
  // Two labels at the least: below `.com` is everybody.
  return /^(?:\.[a-z0-9-]+){2,}(?::\d{1,5})?$/.test(end) ? parseAllowedHost(`*${end}`) : undefined;
}

/** Whether the host of a URL's template is the same for every account. */
export function hasLiteralHost(template: string): boolean {
  return !authorityOf(template).includes('{{');
}

function authorityOf(template: string): string {
  const start = template.indexOf('://');
  const rest = start < 0 ? template : template.slice(start + '://'.length);
  const scheme = start < 0 ? '' : template.slice(0, start);
  return scheme.includes('{{') ? scheme : (rest.split(/[/?#]/, 1)[0] ?? '');
}
