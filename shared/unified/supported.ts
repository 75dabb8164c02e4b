/**
 * What callers can do to a resource: the five verbs, as far as the integration declares methods for
 * them, the mapping can write, and the account's way to authenticate may call them.
 *
 * Errors  NotFoundError for what is no resource, {@link UnsupportedMethodError}
 */
import type { Method } from '../integration/method/plan.ts';
import { CallerError, type Fault, NotFoundError } from '../kernel/errors.ts';
import { isFault, type Noun, type ResolvedResource, reads } from './resource-ref.ts';

export const VERBS = ['list', 'get', 'create', 'update', 'delete'] as const;
export type Verb = (typeof VERBS)[number];

/** How each verb is called, and on what. */
const CALLED_AS: Readonly<Record<Verb, readonly [on: 'list' | 'record', httpMethod: string]>> = {
  list: ['list', 'GET'],
  create: ['list', 'POST'],
  get: ['record', 'GET'],
  update: ['record', 'PATCH'],
  delete: ['record', 'DELETE'],
};

/** The resource is there; this cannot be done to it. */
export class UnsupportedMethodError extends CallerError {
  override readonly name = 'UnsupportedMethodError';
  readonly code = 'method_not_supported';
  readonly status = 405;
  override readonly faults: readonly Fault[];
  /** HTTP methods that the same path does take, for the `Allow` header. */
  readonly allowed: readonly string[];

  constructor(verb: Verb, supported: readonly Verb[]) {
    super('the integration does not support this method on this resource');
    const [on] = CALLED_AS[verb];
    const names =
      supported.length === 0 ? 'nothing else is' : `supported are ${supported.join(', ')}`;
    this.faults = [{ path: 'method', message: `${verb} is not supported; ${names}` }];
    this.allowed = supported
      .map((each) => CALLED_AS[each])
      .filter(([place]) => place === on)
      .map(([, httpMethod]) => httpMethod);
  }
}

export function supportedVerbs(noun: Noun, auth?: string): readonly Verb[] {
  return VERBS.filter((verb) => supports(noun, verb, auth));
}

/** @throws NotFoundError, UnsupportedMethodError */
export function verbOf(noun: Noun | Fault, verb: Verb, auth: string): ResolvedResource {
  if (isFault(noun)) throw new NotFoundError(`there is no such resource: it ${noun.message}`);
  const method = methodNamed(noun, verb);
  if (!method || !supports(noun, verb, auth)) {
    throw new UnsupportedMethodError(verb, supportedVerbs(noun, auth));
  }
  return { ...noun, method };
}

function supports(noun: Noun, verb: Verb, auth: string | undefined): boolean {
  const method = methodNamed(noun, verb);
  if (!method || !mayCall(method, auth)) return false;
  if (verb === 'list' || verb === 'get') return reads(method);
  // Whatever a method is called, what only reads is no write.
  if (method.records !== undefined || method.httpMethod === 'GET') return false;
  return verb === 'delete' || !noun.unified || noun.unified.mapping.write !== undefined;
}

/** Whether an account that authenticates so may call the method. */
export function mayCall({ authNames }: Method, auth: string | undefined): boolean {
  return auth === undefined || authNames === undefined || authNames.includes(auth);
}

function methodNamed({ resource }: Noun, name: string): Method | undefined {
  return Object.hasOwn(resource.methods, name) ? resource.methods[name] : undefined;
}
