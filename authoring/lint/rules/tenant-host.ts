/**
 * A host that the tenant chooses whole: the credential goes wherever the tenant says. For software
 * that tenants run themselves there is no other way; then say so.
 */
import type { Finding, LintRule } from '../rule.ts';

/** `{{conn.base_url}}`, with nothing after it that pins a domain. */
const TEMPLATE_AT_END = /\{\{\s*conn\.([a-z0-9_]+)\s*\}\}(:\d+)?$/;
/** A pattern that ends in at least two literal labels: `\.example\.com$`, `\.example(\.com|\.eu)$`. */
const PINNED = /\\\.[a-z0-9-]+(?:\\\.[a-z0-9-]+|\((?:\?:)?[^()]*\))+$/;
const END = /(?:\/\?)?\$$/;

export const tenantHost: LintRule = {
  code: 'tenant-host',
  check: ({ file, source }) =>
    source.hosts.flatMap((host, index): Finding[] => {
      const input = TEMPLATE_AT_END.exec(host)?.[1];
      const pattern = input === undefined ? undefined : source.connection[input]?.pattern;
      if (pattern === undefined || isPinned(pattern)) return [];
      const message =
        'lets the tenant choose the whole host: pin the domain here or in the pattern of the input';
      return [{ file, at: ['hosts', index], message }];
    }),
};

function isPinned(pattern: string): boolean {
  return PINNED.test(pattern.replace(END, ''));
}
