/** Order-by: `items^(a, >b)`. Stable; items without the key come last. */
import type { SortNode, SortTerm } from '../ast.ts';
import { ExpressionEvaluationError } from '../errors.ts';
import type { Evaluate, Frame } from '../frame.ts';
import type { Scope } from '../scope.ts';
import { isTupleStream } from '../sequence.ts';
import { mergeSort } from '../sort.ts';
import type { CompileContext } from './context.ts';
import { compileInTuple, isTuple, memoize, type TupleCode } from './filters.ts';

interface Term {
  readonly descending: boolean;
  readonly onItem: Evaluate;
  readonly onTuple: () => TupleCode;
}

export function compileSort(node: SortNode, scope: Scope, context: CompileContext) {
  const terms = node.terms.map((term): Term => compileTerm(term, scope, context));
  return (items: readonly unknown[], frame: Frame): unknown => {
    const keyOf = isTupleStream(items) ? tupleKey : itemKey;
    return mergeSort(items, frame.run.meter, (a, b) => {
      for (const term of terms) {
        const order = compareKeys(keyOf(term, a, frame), keyOf(term, b, frame), node.position);
        if (order !== 0) return isAfter(order, term.descending);
      }
      return false;
    });
  };
}

function compileTerm(term: SortTerm, scope: Scope, context: CompileContext): Term {
  return {
    descending: term.descending,
    onItem: context.compile(term.expression, scope),
    onTuple: memoize(() => compileInTuple(term.expression, scope, context)),
  };
}

function itemKey(term: Term, item: unknown, frame: Frame): unknown {
  return term.onItem(item, frame);
}

function tupleKey(term: Term, item: unknown, frame: Frame): unknown {
  return isTuple(item) ? term.onTuple()(item, frame) : undefined;
}

/** 2 and -2: one key is missing, which no direction turns round. */
type Order = -2 | -1 | 0 | 1 | 2;

function isAfter(order: Order, descending: boolean): boolean {
  return order === 2 || order === (descending ? -1 : 1);
}

/** @throws ExpressionEvaluationError T2008, T2007 */
function compareKeys(a: unknown, b: unknown, position: number | undefined): Order {
  if (a === undefined) return b === undefined ? 0 : 2;
  if (b === undefined) return -2;
  if (!isSortable(a) || !isSortable(b)) throw new ExpressionEvaluationError('T2008', position);
  if (typeof a !== typeof b) throw new ExpressionEvaluationError('T2007', position);
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isSortable(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
