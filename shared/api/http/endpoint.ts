/**
 * The declaration of a route: what it takes, what it answers, who may call it. It is data, so that
 * the same schemas parse requests, type the handler and describe the route in the OpenAPI document.
 */
import * as z from 'zod';
import type { ApiKeyScope } from '../../access/api-key.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The parts of a request that a route may ask for; whatever it does not name is not looked at. */
export type InputSchema = z.ZodObject<{
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
}>;

export interface Endpoint<
  Input extends InputSchema = InputSchema,
  Response extends z.ZodType = z.ZodType,
> {
  /** `ANY`: the method is passed on. */
  readonly method: Method | 'ANY';
  /** `/v1/tenants/{tenant_id}`; a last segment `{path+}` takes the rest. */
  readonly path: string;
  /** A key with any one of these may call; empty: no key is needed. */
  readonly scopes: readonly ApiKeyScope[];
  readonly summary: string;
  readonly input: Input;
  /** {@link noBody} where the answer has none, or none of JSON. */
  readonly response: Response;
  /** Status of success. */
  readonly status: number;
  /** A second one, such as 201 where a PUT made what was not there. */
  readonly otherStatus?: number;
  /** The body's schema for the document, where a use case parses the body to find more faults. */
  readonly documentedBody?: z.ZodType;
  /** Media type of a request body that is not JSON. */
  readonly requestType?: string;
  /** Media type of an answer that is not JSON. */
  readonly responseType?: string;
}

export const noBody = z.undefined();

/** Lets the compiler infer the schemas of a declaration. */
export function endpoint<Input extends InputSchema, Response extends z.ZodType>(
  declaration: Endpoint<Input, Response>,
): Endpoint<Input, Response> {
  return declaration;
}
