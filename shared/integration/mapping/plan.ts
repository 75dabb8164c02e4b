/** A mapping, compiled: one expression per output field of a unified model's resource, and back. */
import type { Expression } from '../../expression/expression.ts';
import type { ErrorRule } from '../limits/plan.ts';
import type { Template } from '../template/template.ts';

export interface MappedFilter {
  readonly param: string;
  /** On `{ value }`; absent: the value as it is. */
  readonly value: Expression | undefined;
}

export interface Mapping {
  readonly integration: string;
  readonly model: string;
  readonly resource: string;
  /** The integration's resource. */
  readonly source: string;
  /** Unified filter that asks for what changed since. */
  readonly since: string | undefined;
  /** Unified filter → parameter of the integration's method. */
  readonly params: Readonly<Record<string, string>>;
  /** Unified filter → query parameter of the provider. */
  readonly query: Readonly<Record<string, MappedFilter>>;
  /** Of every call, besides the method's. */
  readonly headers: Readonly<Record<string, Template>>;
  /** On `{ response }`, with `$params` and `$conn` bound. */
  readonly fields: Readonly<Record<string, Expression>>;
  /**
   * Member of the provider's input, dots lead into members → on `{ input, id }`, with `$params` and
   * `$conn` bound. Undefined: the resource cannot be written.
   */
  readonly write: Readonly<Record<string, Expression>> | undefined;
  /** Tried before the method's and the integration's. */
  readonly errors: readonly ErrorRule[];
}
