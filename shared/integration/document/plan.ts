/**
 * An integration as the engine sees it: its schema's defaults filled in, every template and
 * expression compiled. Nothing in it belongs to an account; an account's inputs come in as a scope.
 */
import type { Fault } from '../../kernel/errors.ts';
import type { AccountAddress, Auth, Captures, Giver } from '../auth/plan.ts';
import type { ErrorRule, RateLimit } from '../limits/plan.ts';
import type { Method, Resource } from '../method/plan.ts';
import type { Template } from '../template/template.ts';

export interface ConnectionInput {
  readonly name: string;
  readonly title: string;
  readonly pattern: string;
  readonly default: string | undefined;
  readonly example: string | undefined;
  /** Whether an account may do without. */
  readonly optional: boolean;
  /** Found out by the engine; may be given. */
  readonly captured: boolean;
  /** Made of the others; never given. */
  readonly derived: boolean;
  /** Alternatives of `auth` whose accounts have it; undefined: all. */
  readonly authNames: readonly string[] | undefined;
}

/** A call made once an account has its credential, for what only the provider knows. */
export interface AfterConnect {
  readonly method: Method;
  readonly capture: Captures;
}

/** What its webhooks are, for whoever wants to know what can be had. */
export interface WebhookFacts {
  /** Schemes, any of which vouches for a message. */
  readonly verifiedBy: readonly string[];
  /** Types of events → what became of the record. */
  readonly events: Readonly<Record<string, 'created' | 'updated' | 'deleted'>>;
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
  /** The first that is for an account's alternative of `auth` counts. */
  readonly verify: readonly Method[];
  readonly rateLimit: RateLimit;
  readonly errors: readonly ErrorRule[];
  readonly sla: Readonly<Record<string, string | readonly string[]>>;
  /** Undefined where the provider sends none that we understand. */
  readonly webhook: WebhookFacts | undefined;
  /** Made in order, for accounts of the alternatives that each names. */
  readonly afterConnect: readonly AfterConnect[];
  /**
   * Of an account of the alternative `auth`. Defaults filled in; no faults means that `connection`
   * may be stored. What is captured may be missing.
   *
   * @param giver who gives them, where a caller does: then what the provider must vouch for is not
   *   for it to give
   */
  validateConnection(
    inputs: Readonly<Record<string, unknown>>,
    auth: string,
    giver?: Giver,
  ): {
    readonly connection: Readonly<Record<string, string>>;
    readonly faults: readonly Fault[];
  };
  /** An account's connection with what the engine found out; faults hold no value. */
  withCaptured(
    account: AccountAddress,
    captured: Readonly<Record<string, unknown>>,
  ): {
    readonly connection: Readonly<Record<string, string>>;
    readonly faults: readonly Fault[];
  };
  /** Faults of an imported credential, by field; no values. */
  validateCredential(auth: string, fields: Readonly<Record<string, unknown>>): readonly Fault[];
  /**
   * Ends without a slash. `own`, a method's, goes before the alternative's, and that before the
   * integration's.
   *
   * @throws ForbiddenAddressError where it is not on the hosts allow-list; MissingInputError
   */
  baseUrl(account: AccountAddress, own?: Template): URL;
  /** Whether a URL may be called on behalf of an account with this connection. */
  allowsHost(url: URL, connection: Readonly<Record<string, string>>): boolean;
  /**
   * Whether the environment's own OAuth client may be shown there: only where no account's inputs
   * choose the host.
   */
  allowsClientAt(url: URL): boolean;
}
