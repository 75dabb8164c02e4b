/**
 * The values that a partition goes through, page by page: given ones, or those of a parent's records.
 *
 * A parent that could not be read has children that nobody would miss: it is told as a rejected
 * record rather than passed over.
 *
 * Errors  those of ListPage; ProviderError where given values cannot be computed
 */
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import { evaluateOr } from '../../expression/evaluate-or.ts';
import type { Expression } from '../../expression/expression.ts';
import type { Partition } from '../../integration/pieces/partition.ts';
import type { Json } from '../../kernel/json.ts';
import { structuralError } from '../../provider/classify.ts';
import type { ListedRecord } from '../list-call.ts';

/** What one piece of a list is asked for with. */
export interface Unit {
  /** One value, or those of a batch. */
  readonly value: Json;
  /** More of the parent: `parent.<name>`. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface UnitPage {
  readonly units: readonly Unit[];
  readonly rejected: readonly ListedRecord[];
  /** What this page is asked for with; undefined: the first. */
  readonly at: Json | undefined;
  /** Undefined on the last page. */
  readonly next: Json | undefined;
}

/** A page of parents, and what it was itself asked for with. */
interface ParentPage {
  readonly records: readonly ListedRecord[];
  readonly params: Readonly<Record<string, Json>>;
  readonly parent: Readonly<Record<string, unknown>>;
}

/** Undefined where the parent counts. @throws ProviderError */
export function givenUnits(
  { values, batch, parent }: Partition,
  account: IntegratedAccount,
  integration: string,
): readonly Unit[] | undefined {
  if (values === undefined) return undefined;
  const given = 'evaluate' in values ? computed(values, account, integration) : values;
  if (given.length === 0 && parent !== undefined) return undefined;
  return batched(
    given.map((value) => ({ value, fields: {} })),
    batch,
  );
}

function computed(
  expression: Expression,
  { connection }: IntegratedAccount,
  integration: string,
): readonly Json[] {
  const found = evaluateOr(undefined, () => valuesOf(expression.evaluate({ conn: connection })));
  if (found) return found;
  throw structuralError(integration, 200, 'the values of a partition cannot be computed');
}

export function parentUnits(
  { key, fields, batch }: Partition,
  page: ParentPage,
): Pick<UnitPage, 'units' | 'rejected'> {
  const bindings = { params: page.params, parent: page.parent };
  const units: Unit[] = [];
  const rejected: ListedRecord[] = [];
  for (const record of page.records) {
    if (record.kind === 'deleted') continue;
    const found = evaluateOr(undefined, () => {
      if (record.kind === 'rejected') return undefined;
      const value = record.value.reveal();
      const values = key ? valuesOf(key.evaluate(value, bindings)) : idOf(record);
      const named = Object.entries(fields).map(
        ([name, expression]) => [name, expression.evaluate(value, bindings)] as const,
      );
      return values?.map((one) => ({ value: one, fields: Object.fromEntries(named) }));
    });
    if (found) units.push(...found);
    else rejected.push(UNREADABLE);
  }
  return { units: batched(units, batch), rejected };
}

/** Without the parent's id, which would pass for that of one of the children. */
const UNREADABLE: ListedRecord = {
  kind: 'rejected',
  code: 'mapping_failed',
  message: 'a parent could not be read, so its children were not listed',
};

function idOf({ ref }: ListedRecord): readonly Json[] | undefined {
  return ref === undefined ? undefined : [ref];
}

/** Undefined where there is something else than scalars. Nothing at all is no value. */
function valuesOf(found: unknown): readonly Json[] | undefined {
  const values: Json[] = [];
  for (const value of Array.isArray(found) ? found : [found]) {
    if (value === undefined || value === null || value === '') continue;
    if (!isScalar(value)) return undefined;
    values.push(value);
  }
  return values;
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** Batches end with their page, so that the same page always makes the same ones. */
function batched(units: readonly Unit[], size: number | undefined): readonly Unit[] {
  if (size === undefined) return units;
  const batches: Unit[] = [];
  for (let from = 0; from < units.length; from += size) {
    const value = units.slice(from, from + size).map((unit) => unit.value);
    batches.push({ value, fields: {} });
  }
  return batches;
}
