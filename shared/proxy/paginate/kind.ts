/** What each kind of pagination answers: how to ask for a page, and what comes after it. */
import type { PlacedParam } from '../../integration/integration.ts';
import type { AnswerScope } from '../answer.ts';
import type { PageState } from './state.ts';

/** How one page is asked for. */
export interface PageAsk {
  readonly token: (PlacedParam & { readonly value: string | number }) | undefined;
  /** The whole URL, where the provider made it. */
  readonly url: URL | undefined;
  /** What expressions see as `page`. */
  readonly page: Readonly<Record<string, string | number>>;
}

/** One page as it came, before filters. */
export interface RawPage {
  readonly integration: string;
  readonly scope: AnswerScope;
  /** What was called. */
  readonly url: URL;
  /** How many records it had. */
  readonly count: number;
  /** The records' ids, joined: tells a page from the one before. */
  readonly mark: string;
  readonly page: Readonly<Record<string, string | number>>;
}

export interface PageKind {
  ask(state: PageState | undefined): PageAsk;
  /** Undefined after the last page. */
  next(state: PageState | undefined, raw: RawPage): PageState | undefined;
}
