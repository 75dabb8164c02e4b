/**
 * A call to AWS as it came over the wire, its answer, and its refusal.
 *
 * Every service here is one {@link Backend}: a plain function from request to response, so that
 * nothing but the gateway listens on a socket and nothing can be reached around its policies.
 */

export interface AwsRequest {
  readonly method: string;
  /** As sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Aborts when the caller hangs up: a long poll must not take a message for nobody. */
  readonly signal: AbortSignal;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export type Backend = (request: AwsRequest) => Promise<AwsResponse>;

/** A refusal in AWS's own words: these reach an SDK, not our API, so they may carry values. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** The error's name as SDKs know it: `ResourceNotFoundException`. */
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** JSON 1.0 carries the error's namespace, which older clients strip; both read `x-amzn-errortype`. */
export type JsonProtocol =
  | 'application/x-amz-json-1.0'
  | 'application/x-amz-json-1.1'
  | 'application/json';

export function jsonAnswer(protocol: JsonProtocol, value: unknown): AwsResponse {
  return { status: 200, headers: { 'content-type': protocol }, body: JSON.stringify(value ?? {}) };
}

export function jsonRefusal(protocol: JsonProtocol, error: AwsError): AwsResponse {
  return {
    status: error.status,
    headers: { 'content-type': protocol, 'x-amzn-errortype': error.code },
    body: JSON.stringify({ __type: error.code, message: error.message }),
  };
}

export function xmlAnswer(body: string): AwsResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  };
}

export function xmlRefusal(error: AwsError): AwsResponse {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message></Error>`;
  return { status: error.status, headers: { 'content-type': 'application/xml' }, body };
}

const XML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => XML_ESCAPES[character] ?? character);
}

/** The operation that `X-Amz-Target: <service>.<operation>` names. */
export function operationOf(request: AwsRequest): string {
  return request.headers['x-amz-target']?.split('.').at(-1) ?? '';
}

/** @throws AwsError SerializationException where the body is no JSON object */
export function parseJsonBody(request: AwsRequest): Readonly<Record<string, unknown>> {
  if (request.body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'));
    if (isRecord(value)) return value;
  } catch {
    // Answered below, as for a body of another type.
  }
  throw new AwsError('SerializationException', 'The request body is not a JSON object.');
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
