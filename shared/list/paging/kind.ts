/** What each kind of pagination answers: how to ask for a page, and what comes after it. */
import type { PlacedParam } from '../../integration/paging/plan.ts';
import type { Json } from '../../kernel/json.ts';
import type { AnswerScope } from '../../wire/decode/answer.ts';
import type { Instants } from '../span.ts';
import type { PageState } from './state.ts';

/** What expressions see as `page`. */
export type PageScope = Readonly<Record<string, Json>>;

/** How one page is asked for. */
export interface PageAsk {
  readonly token: (PlacedParam & { readonly value: string | number }) | undefined;
  /** The whole URL, where the provider made it. */
  readonly url: URL | undefined;
  readonly page: PageScope;
}

/** One page as it came, before filters. */
export interface RawPage {
  readonly integration: string;
  readonly scope: AnswerScope;
  /** What was called. */
  readonly url: URL;
  readonly records: readonly unknown[];
  /** How many they are. */
  readonly count: number;
  /** The records' ids, joined, or the records: tells a page from the one before. */
  readonly mark: string;
  readonly page: PageScope;
  readonly instants: Instants;
}

export interface PageKind {
  ask(state: PageState | undefined, instants: Instants): PageAsk;
  /** Undefined after the last page. */
  next(state: PageState | undefined, raw: RawPage): PageState | undefined;
}
