/**
 * The one way to DynamoDB: single-item conditional writes, no transactions, no scans.
 *
 * Conditions stay visible where they are used, because they are the correctness argument:
 * `#name` stands for the attribute `name`, `:value` for the member `value` of `values`.
 *
 * Shape   items have string keys `pk` and `sk`; `gsi1` (gsi1pk, gsi1sk) lists; sparse `due`
 *         (duePk, dueAt) finds work. Attribute values are plain JSON values and bytes.
 * Errors  {@link ConditionFailedError}
 */
import { ContentionError } from '../kernel/errors.ts';
import type { Persistable } from '../kernel/transient.ts';

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** An item as stored; parse it with the domain's schema before use. */
export type StoredItem = ItemKey & Readonly<Record<string, unknown>>;
export type NewItem = ItemKey & Readonly<Record<string, Persistable>>;

/** A condition such as `attribute_not_exists(#pk) OR #expiresAtMs <= :now`. */
export interface Condition {
  readonly when: string;
  readonly values?: Readonly<Record<string, Persistable>>;
}

export interface Change {
  /** Attributes to set; an undefined member is left as it is. */
  readonly set?: Readonly<Record<string, Persistable>>;
  /** Numbers to add to attributes; a missing attribute counts from 0. */
  readonly add?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
}

export interface Query {
  /** Omitted: the table itself. */
  readonly index?: 'gsi1' | 'due';
  readonly partition: string;
  readonly sort?:
    | { readonly beginsWith: string }
    | { readonly atMost: string | number }
    | { readonly between: readonly [string, string] };
  /** Items per answer. */
  readonly limit?: number;
  readonly descending?: boolean;
  /** Strongly consistent; not on an index. */
  readonly consistent?: boolean;
  /** `next` of the answer before. */
  readonly start?: string;
}

export interface QueryPage {
  readonly items: readonly StoredItem[];
  /** Where the next page starts; absent on the last. Not secret, not for callers of the API. */
  readonly next?: string;
}

export interface Table {
  /** Strongly consistent unless told otherwise. */
  get(key: ItemKey, options?: { readonly consistent?: boolean }): Promise<StoredItem | undefined>;
  /** @throws ConditionFailedError */
  put(item: NewItem, condition?: Condition): Promise<void>;
  /** The item as it is after the change. @throws ConditionFailedError */
  update(key: ItemKey, change: Change, condition?: Condition): Promise<StoredItem>;
  /** @throws ConditionFailedError */
  delete(key: ItemKey, condition?: Condition): Promise<void>;
  query(query: Query): Promise<QueryPage>;
}

/** A conditional write found the item in another state. Callers translate it into their own error. */
export class ConditionFailedError extends ContentionError {
  override readonly name = 'ConditionFailedError';
  readonly code = 'conflict';
}
