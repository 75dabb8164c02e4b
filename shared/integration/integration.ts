/**
 * An integration as the engine sees it: its schema's defaults filled in, every template and
 * expression compiled. Nothing in it belongs to an account; an account's inputs come in as a scope.
 */
import type { Expression } from '../expression/expression.ts';
import type { RateLimitRules } from '../http/rate-limit.ts';
import type { Fault } from '../kernel/errors.ts';
import type { Json } from '../kernel/json.ts';
import type { ErrorClass } from '../proxy/provider-errors.ts';
import type { Template } from './compile/template.ts';
import type { Scope } from './scope.ts';

/** Undefined where an expression yields nothing: the member is left out. */
export type ValueOf = (scope: Scope) => Json | undefined;

export type AuthKind = 'none' | 'token' | 'basic' | 'oauth2_code' | 'oauth2_cc';

export interface CredentialField {
  readonly name: string;
  /** Whether an import without it is refused. */
  readonly required: boolean;
}

export interface OAuth {
  readonly grant: 'refresh_token' | 'client_credentials';
  readonly authorizeUrl: Template | undefined;
  readonly tokenUrl: Template;
  readonly clientAuth: 'body' | 'basic' | 'none';
  readonly tokenParams: Readonly<Record<string, Template>>;
  readonly tokenHeaders: Readonly<Record<string, Template>>;
  readonly scopes: readonly string[];
  readonly scopeSeparator: string;
  /** Every refresh kills the refresh token that it used. */
  readonly rotates: boolean;
}

/** One way to authenticate. */
export interface Auth {
  readonly name: string;
  readonly kind: AuthKind;
  readonly title: string;
  readonly credentialFields: readonly CredentialField[];
  readonly headers: Readonly<Record<string, Template>>;
  readonly query: Readonly<Record<string, Template>>;
  readonly basic: { readonly username: Template; readonly password: Template } | undefined;
  readonly oauth: OAuth | undefined;
}

export interface ConnectionInput {
  readonly name: string;
  readonly title: string;
  readonly pattern: string;
  readonly default: string | undefined;
  readonly example: string | undefined;
}

export type Place = 'query' | 'body' | 'header' | 'path';

export interface PlacedParam {
  readonly param: string;
  readonly in: Place;
}

interface PagingCommon {
  readonly size: (PlacedParam & { readonly value: number }) | undefined;
  readonly more: { readonly expression: Expression; readonly optional: boolean } | undefined;
  readonly firstPageOnly: readonly string[];
}

export type PagePagination = PagingCommon & {
  readonly kind: 'page';
  readonly token: PlacedParam;
  readonly start: number;
};
export type OffsetPagination = PagingCommon & {
  readonly kind: 'offset';
  readonly token: PlacedParam;
  readonly start: number;
};
export type CursorPagination = PagingCommon & {
  readonly kind: 'cursor';
  readonly token: PlacedParam;
  readonly cursor: Expression;
};
export type NextUrlPagination = PagingCommon & {
  readonly kind: 'next_url';
  readonly next: Expression;
};
export type LinkHeaderPagination = PagingCommon & {
  readonly kind: 'link_header';
  readonly rel: string;
};
export type Pagination =
  | { readonly kind: 'none' }
  | PagePagination
  | OffsetPagination
  | CursorPagination
  | NextUrlPagination
  | LinkHeaderPagination;

export type TimeFormat = 'iso8601' | 'iso8601_seconds' | 'epoch_s' | 'epoch_ms' | 'date';

export interface Incremental {
  /** On the record. */
  readonly cursor: Expression;
  readonly format: TimeFormat;
  readonly mode: 'server' | 'client';
  readonly since:
    | { readonly param: string; readonly in: 'query' | 'body'; readonly value: Template }
    | undefined;
  readonly lookbackMs: number;
  readonly omitAtEpoch: boolean;
}

export interface Method {
  readonly name: string;
  readonly httpMethod: string;
  readonly path: Template;
  readonly query: Readonly<Record<string, ValueOf>>;
  readonly headers: Readonly<Record<string, Template>>;
  readonly body: ValueOf | undefined;
  readonly bodyFormat: 'json' | 'form';
  /** Names that the caller must give. */
  readonly params: readonly string[];
  readonly records: Expression | undefined;
  readonly record: Expression | undefined;
  readonly map: Expression | undefined;
  readonly filter: Expression | undefined;
  readonly ok: Expression | undefined;
  readonly pagination: Pagination;
  readonly incremental: Incremental | undefined;
  readonly timeoutMs: number | undefined;
}

export interface Resource {
  readonly name: string;
  /** On the record. */
  readonly id: Expression | undefined;
  readonly methods: Readonly<Record<string, Method>>;
}

export interface ErrorRule {
  readonly when: Expression;
  readonly class: ErrorClass;
  readonly message: Expression | undefined;
  readonly code: Expression | undefined;
}

export interface RateLimit {
  readonly limited: Expression | undefined;
  /** Which waits count for an answer; absent: always. Index as in `rules.waits`. */
  readonly waitConditions: readonly (Expression | undefined)[];
  readonly rules: RateLimitRules;
}

export interface Integration {
  readonly name: string;
  readonly title: string;
  readonly docs: readonly string[];
  readonly auth: Readonly<Record<string, Auth>>;
  readonly connection: Readonly<Record<string, ConnectionInput>>;
  readonly headers: Readonly<Record<string, Template>>;
  readonly resources: Readonly<Record<string, Resource>>;
  /** Unified model → its resources that a mapping of this integration yields. */
  readonly models: Readonly<Record<string, readonly string[]>>;
  readonly verify: Method | undefined;
  readonly rateLimit: RateLimit;
  readonly errors: readonly ErrorRule[];
  readonly sla: Readonly<Record<string, string | readonly string[]>>;
  /** Defaults filled in; no faults means that `connection` may be stored. */
  validateConnection(inputs: Readonly<Record<string, unknown>>): {
    readonly connection: Readonly<Record<string, string>>;
    readonly faults: readonly Fault[];
  };
  /** Faults of an imported credential, by field; no values. */
  validateCredential(auth: string, fields: Readonly<Record<string, unknown>>): readonly Fault[];
  /** Ends without a slash. @throws ForbiddenAddressError where it is not on the hosts allow-list */
  baseUrl(connection: Readonly<Record<string, string>>): URL;
  /** Whether a URL may be called on behalf of an account with this connection. */
  allowsHost(url: URL, connection: Readonly<Record<string, string>>): boolean;
}
