/** A mapping, compiled: one expression per output field of a unified model's resource. */
import type { Expression } from '../expression/expression.ts';

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
  readonly fields: Readonly<Record<string, Expression>>;
}
