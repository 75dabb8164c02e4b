/**
 * Pages by a state that the integration's own expressions make: the last resort, for lists that no
 * other kind describes. The state is what requests see as `page`.
 *
 * Errors  ProviderError for a state that is no object, too large, or was there before
 */
import type { ExprPagination } from '../../integration/paging/plan.ts';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../../kernel/json.ts';
import { structuralError } from '../../provider/classify.ts';
import type { Instants } from '../span.ts';
import type { PageKind, RawPage } from './kind.ts';
import { evaluateOnPage } from './more.ts';
import { advance, digestOf, InvalidCursorError, type PageState } from './state.ts';

/** It travels in cursors and checkpoints. */
const MAX_STATE_BYTES = 4_096;

export function exprKind(pagination: ExprPagination): PageKind {
  const current = (state: PageState | undefined, instants: Instants): JsonObject => {
    if (state?.at === undefined) return initial(pagination, instants);
    if (isJsonObject(state.at)) return state.at;
    throw new InvalidCursorError('the cursor is not of this list');
  };
  return {
    ask: (state, instants) => ({
      token: undefined,
      url: undefined,
      page: current(state, instants),
    }),
    next(state, raw) {
      const page = current(state, raw.instants);
      const found = evaluateOnPage(pagination.next, raw, page);
      if (found === undefined || found === null) return undefined;
      const next = checkedState(found, raw);
      const before = state?.at === undefined ? { seen: [digestOf(canonicalJson(page))] } : state;
      return advance(before, next, canonicalJson(next), raw.integration);
    },
  };
}

/** The integration's own words, on nothing of the provider's: what fails here fails always. */
function initial({ init }: ExprPagination, instants: Instants): JsonObject {
  if (!init) return {};
  const state = asJson(init.evaluate({ ...instants }));
  if (isJsonObject(state)) return state;
  throw new InvalidCursorError('the first state of the list is no object');
}

function checkedState(found: unknown, raw: RawPage): JsonObject {
  const fail = (reason: string) => structuralError(raw.integration, raw.scope.status, reason);
  const state = asJson(found);
  if (!isJsonObject(state)) throw fail('the state of the next page is no object');
  if (Buffer.byteLength(JSON.stringify(state)) > MAX_STATE_BYTES) {
    throw fail('the state of the next page is too large');
  }
  return state;
}

/** Without members that are not there, which no cursor could hold. */
function asJson(value: unknown): Json | undefined {
  const text = JSON.stringify(value);
  return text === undefined ? undefined : JSON.parse(text);
}
