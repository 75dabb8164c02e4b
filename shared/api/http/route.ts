/**
 * A route: a declaration joined with what it does. The handler's types follow from the schemas;
 * the router sees only {@link Route}.
 *
 * Errors  InvalidRequestError with all faults of path, query and body at once
 */
import type { Readable } from 'node:stream';
import type * as z from 'zod';
import type { Principal } from '../../access/authenticate.ts';
import { InvalidRequestError } from '../../kernel/errors.ts';
import { invariant } from '../../kernel/invariant.ts';
import type { Transient } from '../../kernel/transient.ts';
import type { ApiRequest } from './api-message.ts';
import type { Endpoint, InputSchema } from './endpoint.ts';
import { faultsOf } from './faults.ts';
import { jsonBody } from './json-body.ts';

/** A request whose path a route has matched. */
export interface MatchedRequest extends ApiRequest {
  readonly requestId: string;
  readonly params: Readonly<Record<string, string>>;
}

export interface CallContext {
  readonly caller: Principal;
  readonly requestId: string;
  readonly ifMatch: string | undefined;
  readonly request: MatchedRequest;
}

export interface Reply<Body> {
  readonly body?: Body;
  /** Instead of a body: bytes as they come. */
  readonly stream?: Transient<Readable>;
  /** Where it is not the declared status of success. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Which thing the answer is about: all that is remembered for an idempotent repeat, beside the status. */
  readonly id?: string;
  /** Entity tag, where it is not a digest of the body. */
  readonly etag?: string;
}

export type Call<Input extends InputSchema> = z.output<Input> & CallContext;

export interface Handlers<Input extends InputSchema, Response extends z.ZodType> {
  run(call: Call<Input>): Promise<Reply<z.input<Response>>>;
  /** The answer to an idempotent repeat: the thing as it is now. */
  recall?(id: string, call: Call<Input>): Promise<Reply<z.input<Response>>>;
  /** Whether it may be run again where nobody knows what came of it. Absent: it may. */
  isRepeatable?(call: Call<Input>): Promise<boolean>;
}

/** A call whose input is parsed and which has not been made yet: idempotency stands between. */
export interface PreparedCall {
  run(): Promise<Reply<unknown>>;
  readonly recall?: (id: string) => Promise<Reply<unknown>>;
  readonly isRepeatable?: () => Promise<boolean>;
}

export interface Route {
  readonly endpoint: Endpoint;
  /** @throws InvalidRequestError */
  prepare(request: MatchedRequest, caller: Principal | undefined): PreparedCall;
}

export function route<Input extends InputSchema, Response extends z.ZodType>(
  declaration: Endpoint<Input, Response>,
  handlers: Handlers<Input, Response>,
): Route {
  return {
    endpoint: declaration,
    prepare(request, caller) {
      invariant(caller, 'the router calls a route that has scopes with a caller');
      const ifMatch = request.headers['if-match'];
      const context = { caller, requestId: request.requestId, ifMatch, request };
      const call = { ...parseInput(declaration, request), ...context };
      const { recall, isRepeatable } = handlers;
      return {
        run: () => handlers.run(call),
        ...(recall && { recall: (id) => recall(id, call) }),
        ...(isRepeatable && { isRepeatable: () => isRepeatable(call) }),
      };
    },
  };
}

/** A route that needs no key. */
export function publicRoute<Input extends InputSchema, Response extends z.ZodType>(
  declaration: Endpoint<Input, Response>,
  run: () => Promise<Reply<z.input<Response>>>,
): Route {
  return { endpoint: declaration, prepare: () => ({ run }) };
}

function parseInput<Input extends InputSchema, Response extends z.ZodType>(
  declaration: Endpoint<Input, Response>,
  request: MatchedRequest,
): z.output<Input> {
  const takesBody = 'body' in declaration.input.shape;
  const parsed = declaration.input.safeParse({
    params: request.params,
    query: queryObject(request.query),
    ...(takesBody && { body: jsonBody(request.body) }),
  });
  if (parsed.success) return parsed.data;
  throw new InvalidRequestError('the request is not valid', faultsOf(parsed.error, 1));
}

/** A parameter that is given twice becomes a list, which the schema then refuses or wants. */
function queryObject(query: URLSearchParams): Record<string, string | readonly string[]> {
  const names = [...new Set(query.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const [first = '', ...more] = query.getAll(name);
      return [name, more.length === 0 ? first : [first, ...more]];
    }),
  );
}
