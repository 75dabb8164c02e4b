/**
 * A provider's answer as the integration's expressions see it.
 *
 * Shape  `{ status, headers, body }`; `body` is undefined where the answer is empty or cannot be read
 */
import type { RateLimitState } from '../../http/rate-limit.ts';
import type { Decode } from '../../integration/request/decode.ts';
import { Transient } from '../../kernel/transient.ts';
import { parseJson } from './parse-json.ts';

export interface AnswerScope {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly scope: Transient<AnswerScope>;
  /** Why there is no body: a reason that holds nothing of it. Undefined where there is one. */
  readonly unreadable: string | undefined;
  readonly rateLimit: RateLimitState | undefined;
  /** The integration says that it means nothing: an empty list, or a record that is not there. */
  readonly ignored?: boolean;
}

type ParsedAnswer = Pick<Answer, 'scope' | 'unreadable'>;

type Headers = AnswerScope['headers'];

/** As JSON. */
export function parseAnswer(
  status: number,
  headers: Headers,
  body: Transient<Buffer>,
): ParsedAnswer {
  const value = parseJson(body.reveal().toString('utf8'));
  const unreadable = value === undefined ? 'the answer is not JSON' : undefined;
  return { unreadable, scope: Transient.of({ status, headers, body: value }) };
}

/** Whatever a method's records come as, the provider's errors come as JSON, or XML as well. */
export async function decodeAnswer(
  status: number,
  headers: Headers,
  body: Transient<Buffer>,
  decode: Decode,
): Promise<ParsedAnswer> {
  const isError = status < 200 || status >= 300;
  if (isError) {
    const parsed = parseAnswer(status, headers, body);
    if (parsed.unreadable === undefined || decode.format !== 'xml') return parsed;
  }
  // Three parsers that few methods need: loaded where one does, they cost no cold start elsewhere.
  const { decodeBody } = await import('./decode-body.ts');
  const plain = isError ? { ...decode, compression: undefined } : decode;
  const charset = charsetOf(headers);
  const { value, fault } = decodeBody(body.reveal(), plain, { charset });
  return { unreadable: fault, scope: Transient.of({ status, headers, body: value }) };
}

function charsetOf(headers: Headers): string | undefined {
  return /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i.exec(headers['content-type'] ?? '')?.[1];
}
