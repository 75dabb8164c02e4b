/**
 * The alternatives of an integration's `auth` block, compiled: see schema/auth.ts.
 *
 * Nothing here belongs to an account: its credential, its inputs and the OAuth client come in as a
 * scope, `{ conn, cred, app, step }`.
 */
import type { Expression } from '../../expression/expression.ts';
import type { BodyFormat } from '../request/source.ts';
import type { Pattern } from '../template/pattern.ts';
import type { ValueOf } from '../template/scope.ts';
import type { Template } from '../template/template.ts';
import type { AuthSource } from './source.ts';
import type { MintSource } from './token-request-source.ts';

export type AuthKind = AuthSource['kind'];

export type Templates = Readonly<Record<string, Template>>;

/** What an import says, and what a form that asks for it shows. */
export interface CredentialField {
  readonly name: string;
  /** Whether an import without it is refused. */
  readonly required: boolean;
  readonly title?: string;
  /** RE2 that the whole value must match. */
  readonly pattern?: string;
  readonly example?: string;
}

/** Where a credential goes in a request. */
export interface Apply {
  /** Lower-case names. */
  readonly headers: Templates;
  readonly query: Templates;
  /** Paths of members, with dots. */
  readonly body: Templates;
  readonly cookies: Templates;
}

/** RFC 7617. */
export interface BasicPair {
  readonly username: Template;
  readonly password: Template;
}

export interface OAuth1Signer {
  readonly kind: 'oauth1';
  readonly consumerKey: Template;
  readonly consumerSecret: Template;
  readonly token: Template | undefined;
  readonly tokenSecret: Template | undefined;
  readonly method: 'HMAC-SHA1' | 'HMAC-SHA256' | 'PLAINTEXT';
  readonly realm: Template | undefined;
}

export interface SigV4Signer {
  readonly kind: 'sigv4';
  readonly service: Template;
  readonly region: Template;
  readonly accessKeyId: Template;
  readonly secretAccessKey: Template;
  readonly sessionToken: Template | undefined;
}

export interface WsseSigner {
  readonly kind: 'wsse';
  readonly username: Template;
  readonly secret: Template;
  readonly digest: 'binary' | 'hex';
}

/** Signs the whole request, by name: signers are primitives of the engine. */
export type Signer = OAuth1Signer | SigV4Signer | WsseSigner;

/** A JWT that is signed here. */
export interface Mint {
  readonly alg: MintSource['alg'];
  readonly key: Template;
  readonly keyEncoding: MintSource['key_encoding'];
  readonly ttlMs: number;
  readonly claims: Readonly<Record<string, ValueOf>>;
  readonly header: Templates;
}

export interface MintStep {
  readonly kind: 'mint';
  /** Later steps find it under `step.<as>`. */
  readonly as: string;
  readonly mint: Mint;
}

export interface RequestStep {
  readonly kind: 'request';
  readonly url: Template;
  readonly method: string;
  readonly query: Readonly<Record<string, ValueOf>>;
  readonly headers: Templates;
  readonly basic: BasicPair | undefined;
  readonly body: ValueOf | undefined;
  readonly bodyFormat: BodyFormat;
  /** Undefined: a status from 200 to 299. */
  readonly ok: Expression | undefined;
  readonly capture: Readonly<Record<string, Expression>>;
}

export type Step = MintStep | RequestStep;

export interface Steps {
  readonly list: readonly Step[];
  /** Whether one of them looks up the OAuth client: none else gets to see it. */
  readonly usesClient: boolean;
}

/** How long an access token lives, where the answer does not say so as RFC 6749 does. */
export type Expiry =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'after'; readonly ms: number }
  | { readonly kind: 'seconds'; readonly expression: Expression }
  | { readonly kind: 'at'; readonly expression: Expression };

/** Connection input → where its value stands in an answer. */
export type Captures = Readonly<Record<string, Expression>>;

/** What is asked of the user's browser. */
export interface Authorization {
  readonly url: Template;
  readonly params: Templates;
  readonly omit: readonly string[];
  readonly pkce: boolean;
  /** The callback's parameter that brings the code. */
  readonly codeParam: string;
  /** Connection input → parameter of the callback. */
  readonly capture: Readonly<Record<string, string>>;
}

/** What a renewal does otherwise than the first token request. */
export interface Refresh {
  readonly rotates: boolean;
  readonly url: Template | undefined;
  readonly params: Templates;
  readonly omit: readonly string[];
  readonly token: 'refresh_token' | 'access_token';
  readonly param: string;
  readonly grant: string;
}

export interface OAuth {
  readonly grant: 'refresh_token' | 'client_credentials';
  /** Undefined for machines. */
  readonly authorization: Authorization | undefined;
  readonly tokenUrl: Template;
  readonly tokenMethod: 'POST' | 'GET';
  readonly tokenFormat: 'form' | 'json' | 'query';
  readonly clientAuth: 'body' | 'basic' | 'basic_secret' | 'none' | 'private_key_jwt';
  readonly assertion: Mint | undefined;
  readonly tokenParams: Templates;
  readonly tokenOmit: readonly string[];
  /** Lower-case names. */
  readonly tokenHeaders: Templates;
  readonly refresh: Refresh;
  readonly response: {
    readonly accessToken: Expression | undefined;
    readonly refreshToken: Expression | undefined;
    readonly expiresIn: Expression | undefined;
  };
  readonly terminalErrors: readonly string[];
  readonly scopes: readonly string[];
  readonly scopeSeparator: string;
  readonly scopeParam: string;
  readonly capture: Captures;
  readonly expires: Expiry | undefined;
  /** After every token. */
  readonly afterToken: Steps;
  /** Fields that those make. */
  readonly credential: Templates;
}

/** From the account's own fields to a credential, in steps. */
export interface TokenExchange {
  readonly steps: Steps;
  readonly credential: Templates;
  readonly capture: Captures;
  readonly expires: Expiry | undefined;
  readonly terminalErrors: readonly string[];
  readonly errorCode: Expression | undefined;
  /** Fields that a step looks up and the exchange makes anew: the old value may die with its use. */
  readonly spends: readonly string[];
}

/** Called at the provider when an account is deleted. */
export interface Revoke {
  readonly url: Template;
  readonly method: string;
  readonly headers: Templates;
  readonly basic: BasicPair | undefined;
  readonly body: ValueOf | undefined;
  readonly bodyFormat: BodyFormat;
  readonly authenticated: boolean;
  /** Whether it looks up the OAuth client. */
  readonly usesClient: boolean;
  /** Inputs of the connection that it looks up. */
  readonly inputs: readonly string[];
}

/** One way to authenticate. */
export interface Auth {
  readonly name: string;
  readonly kind: AuthKind;
  readonly title: string;
  readonly credentialFields: readonly CredentialField[];
  /** Of the fields that have one. */
  readonly fieldPatterns: Readonly<Record<string, Pattern>>;
  /** Every field that a stored credential may have, those that the engine makes included. */
  readonly knownFields: readonly string[];
  readonly apply: Apply;
  readonly basic: BasicPair | undefined;
  readonly signer: Signer | undefined;
  readonly oauth: OAuth | undefined;
  readonly exchange: TokenExchange | undefined;
  /** Instead of the integration's. */
  readonly baseUrl: Template | undefined;
  readonly revoke: Revoke | undefined;
  /** Inputs that stand beside the OAuth client in a request: what it then does, it does to them. */
  readonly clientInputs: readonly string[];
}

/** Which account a URL is made for: its alternative, and its inputs. */
export interface AccountAddress {
  readonly auth: string;
  readonly connection: Readonly<Record<string, string>>;
}

/** Who gives the inputs. */
export interface Giver {
  /** Whether the account brings an OAuth client of its own. */
  readonly ownClient: boolean;
  /** What the account has already. */
  readonly stored: AccountAddress['connection'];
}
