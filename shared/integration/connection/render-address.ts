/**
 * Addresses with an account's inputs in them: what a tenant gives may fill the place that the
 * integration left for it, and nothing beyond it.
 *
 * | place                                   | may hold                                           |
 * | --------------------------------------- | -------------------------------------------------- |
 * | `https://{{conn.x}}.acme.com`           | labels of a host                                   |
 * | `https://acme.com/{{conn.x}}`           | one segment of a path, which is no dot segment     |
 * | `{{conn.x}}`, `{{conn.x}}/api`          | a host, or a URL with a path and nothing after it  |
 *
 * ASCII throughout: other digits, dots and letters become these while a URL is parsed, and then mean
 * another host than they show.
 */
import { isLoopbackHost } from '../../http/egress-guard.ts';
import type { AccountAddress } from '../auth/plan.ts';
import type { Template } from '../template/template.ts';
import { type AllowedHost, parseAllowedHost } from './hosts.ts';

type Place = 'address' | 'host' | 'path';

const PLACEHOLDER = /\{\{[^{}]*\}\}/g;
const MAY_HOLD: Readonly<Record<Place, RegExp>> = {
  address:
    /^(?:https?:\/\/)?(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:\/[\w~!$&'()*+,;=:@-][\w.~!$&'()*+,;=:@-]*)*\/?$/i,
  host: /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i,
  path: /^(?!\.{1,2}$)[\w.~!$&'()*+,;=:@-]+$/,
};

/** Undefined where an input breaks out of its place. @throws MissingInputError */
export function renderAddress(
  template: Template,
  connection: AccountAddress['connection'],
): string | undefined {
  const places = placesOf(template);
  let at = 0;
  let isWithin = true;
  const text = template.render({ conn: connection }, (value) => {
    const place = places[at];
    at += 1;
    isWithin &&= place !== undefined && MAY_HOLD[place].test(value);
    return place === 'path' ? value : plainHost(value);
  });
  return isWithin ? text : undefined;
}

/**
 * Undefined where the entry allows nothing for this account.
 *
 * An account may choose a host, not a port: a port other than the scheme's own is one that the
 * integration itself writes, or on this very machine, where the egress guard decides.
 *
 * @throws MissingInputError
 */
export function renderAllowedHost(
  template: Template,
  connection: AccountAddress['connection'],
): AllowedHost | undefined {
  const text = renderAddress(template, connection);
  const allowed = text === undefined ? undefined : parseAllowedHost(text);
  if (!allowed || allowed.port === '') return allowed;
  const literal = template.text.replaceAll(PLACEHOLDER, '');
  const isLiteral = new RegExp(`:${allowed.port}(?:$|/)`).test(literal);
  return isLiteral || isLoopbackHost(allowed.host) ? allowed : undefined;
}

/** As allow-lists write it. The slash at its end is the template's own affair. */
function plainHost(value: string): string {
  const address = value.replace(/\/+$/, '');
  return address.includes('/') ? address : address.toLowerCase();
}

/** A template is compiled once and rendered for every call. */
const known = new WeakMap<Template, readonly Place[]>();

function placesOf(template: Template): readonly Place[] {
  const places = known.get(template) ?? findPlaces(template.text);
  known.set(template, places);
  return places;
}

function findPlaces(text: string): readonly Place[] {
  return [...text.matchAll(PLACEHOLDER)].map((match): Place => {
    const before = text.slice(0, match.index);
    const after = text.slice(match.index + match[0].length);
    if (before === '' && (after === '' || after.startsWith('/'))) return 'address';
    const [, rest = before] = before.split('://', 2);
    return rest.includes('/') ? 'path' : 'host';
  });
}
