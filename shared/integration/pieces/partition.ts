/** Lists that must be asked for piece by piece, compiled: see schema/partition.ts. */
import type { Expression } from '../../expression/expression.ts';

/** A method of a resource of the same integration, all of whose pages are read. */
export interface Listing {
  readonly resource: string;
  readonly method: string;
}

/** What fills one parameter of a method, value by value. */
export interface Partition {
  readonly param: string;
  /** Given values; an expression sees `{ conn }`. Where they are none, `parent` counts. */
  readonly values: readonly string[] | Expression | undefined;
  readonly parent: Listing | undefined;
  /** The value or values, on the parent's record; undefined: its id. */
  readonly key: Expression | undefined;
  /** `parent.<name>`, on the parent's record. */
  readonly fields: Readonly<Record<string, Expression>>;
  /** Only parents that changed since. */
  readonly changedOnly: boolean;
  /** So many values in one request, as a list; undefined: one, as it is. */
  readonly batch: number | undefined;
}

/** Fields that must be named to be had. */
export interface Properties {
  readonly names: readonly string[];
  /** `name` on each record of a resource that describes the fields. */
  readonly from: (Listing & { readonly name: Expression }) | undefined;
  /** The query parameter that takes them. */
  readonly param: string | undefined;
  readonly separator: string;
  /** At most so many in one request. */
  readonly chunk: number | undefined;
}

/** One resource that stands for as many as the account has: `objects:cars`. */
export interface Discovered {
  readonly from: Listing;
  /** On each record of `from`. */
  readonly name: Expression;
  /** What of the methods' parameters the name fills. */
  readonly param: string;
}

/** What of a method says which parameters it takes. */
interface Parametrised {
  readonly params: readonly string[];
  readonly optionalParams: readonly string[];
  readonly partitions: readonly Partition[];
}

/** Every parameter that a caller may give: partitions go through those that it does not. */
export function knownParams(method: Parametrised): readonly string[] {
  const { params, optionalParams, partitions } = method;
  return [...new Set([...params, ...optionalParams, ...partitions.map(({ param }) => param)])];
}

/** The parameters that nothing but the caller can fill. */
export function requiredParams(method: Parametrised): readonly string[] {
  const filled = method.partitions.map(({ param }) => param);
  return method.params.filter((param) => !filled.includes(param));
}
