/** What a function answered, and the gateway's own answers where it did not. */
import * as z from 'zod';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** The gateway answers itself; `type` is its name in access logs. */
export interface GatewayError {
  readonly status: number;
  readonly message: string;
  readonly type: string;
}

type Kind = 'too_large' | 'function_failed' | 'timed_out' | 'not_found';

/** The two services word and number the same failures differently. */
export const GATEWAY_ERRORS: Readonly<
  Record<'rest' | 'http', Readonly<Record<Kind, GatewayError>>>
> = {
  rest: {
    too_large: { status: 413, message: 'Request Too Long', type: 'REQUEST_TOO_LARGE' },
    function_failed: { status: 502, message: 'Internal server error', type: 'DEFAULT_5XX' },
    timed_out: { status: 504, message: 'Endpoint request timed out', type: 'INTEGRATION_TIMEOUT' },
    not_found: {
      status: 403,
      message: 'Missing Authentication Token',
      type: 'MISSING_AUTHENTICATION_TOKEN',
    },
  },
  http: {
    too_large: { status: 413, message: 'Request Entity Too Large', type: 'REQUEST_TOO_LARGE' },
    function_failed: { status: 500, message: 'Internal Server Error', type: 'INTEGRATION_FAILURE' },
    timed_out: { status: 503, message: 'Service Unavailable', type: 'INTEGRATION_TIMEOUT' },
    not_found: { status: 404, message: 'Not Found', type: 'NOT_FOUND' },
  },
};

export function gatewayAnswer(error: GatewayError): Answer {
  return {
    status: error.status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ message: error.message })),
  };
}

const headerValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const headSchema = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), headerValue).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(headerValue)).nullish(),
  cookies: z.array(z.string()).nullish(),
});
const structuredSchema = headSchema.extend({
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** Status and headers; hop-by-hop headers are the gateway's own affair. */
export type Head = Pick<Answer, 'status' | 'headers'>;

/** The metadata of a streamed answer; undefined if it is none. */
export function readMetadata(metadata: unknown): Head | undefined {
  const parsed = headSchema.safeParse(metadata);
  return parsed.success ? headOf(parsed.data) : undefined;
}

/**
 * The answer in a function's JSON text; undefined if it is malformed.
 *
 * @param infers whether anything without a status counts as the body of a 200, as format 2.0 does
 */
export function readAnswer(text: string, infers: boolean): Answer | undefined {
  const value: unknown = JSON.parse(text);
  const hasStatus = typeof value === 'object' && value !== null && 'statusCode' in value;
  if (!hasStatus) {
    if (!infers) return undefined;
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(typeof value === 'string' ? value : text),
    };
  }
  const parsed = structuredSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { body, isBase64Encoded } = parsed.data;
  return {
    ...headOf(parsed.data),
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
}

const HOP_BY_HOP = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

function headOf({
  statusCode,
  headers,
  multiValueHeaders,
  cookies,
}: z.output<typeof headSchema>): Head {
  const all: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries({ ...headers, ...multiValueHeaders })) {
    if (!HOP_BY_HOP.has(name.toLowerCase())) all[name.toLowerCase()] = value;
  }
  if (cookies && cookies.length > 0) all['set-cookie'] = cookies;
  return { status: statusCode, headers: all };
}
