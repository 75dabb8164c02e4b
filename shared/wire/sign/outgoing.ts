/** A request that is about to be sent, as the authenticator and the signers see it. */
import type { OutboundRequest } from '../../http/http-message.ts';

export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: NonNullable<OutboundRequest['body']>;
}

/** What is different with every request, passed in. */
export interface Moment {
  readonly nowMs: number;
  /** Never used twice. */
  readonly nonce: string;
}

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/;

export function isForm({ headers }: Pick<Outgoing, 'headers'>): boolean {
  return (headers['content-type'] ?? '').toLowerCase().startsWith(FORM);
}

export function isJson({ headers }: Pick<Outgoing, 'headers'>): boolean {
  return JSON_TYPE.test((headers['content-type'] ?? '').toLowerCase());
}
