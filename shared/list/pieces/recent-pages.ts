/**
 * Pages of parents that were just read: the children of one parent after the other are asked for
 * with them, and each would fetch them again.
 *
 * Belongs to an account object, so that what one call holds another never sees; gone when that is.
 *
 * Units   at most {@link KEPT} pages an account, each for {@link KEPT_MS}
 */
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Transient } from '../../kernel/transient.ts';
import type { UnitPage } from './units.ts';

/** One page for each level of parents, and as many for a list that is asked for beside it. */
const KEPT = 8;
const KEPT_MS = 300_000;

interface Kept {
  readonly page: Transient<UnitPage>;
  readonly untilMs: number;
}

interface RecentPages {
  find(account: IntegratedAccount, key: string): UnitPage | undefined;
  keep(account: IntegratedAccount, key: string, page: UnitPage): void;
}

export function createRecentPages(clock: Clock): RecentPages {
  const byAccount = new WeakMap<IntegratedAccount, Map<string, Kept>>();
  return {
    find(account, key) {
      const kept = byAccount.get(account)?.get(key);
      return kept && clock.now() < kept.untilMs ? kept.page.reveal() : undefined;
    },
    keep(account, key, page) {
      const pages = byAccount.get(account) ?? new Map<string, Kept>();
      byAccount.set(account, pages);
      // The oldest stands first.
      pages.delete(key);
      pages.set(key, { page: Transient.of(page), untilMs: clock.now() + KEPT_MS });
      const [oldest] = pages.keys();
      if (pages.size > KEPT && oldest !== undefined) pages.delete(oldest);
    },
  };
}
