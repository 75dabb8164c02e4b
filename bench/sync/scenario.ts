/** What one measured sync meets. */
export interface Scenario {
  readonly records: number;
  readonly providerMs: number;
  readonly consumerMs: number;
}

/** Records of a page, which are those of an event too. */
export const PAGE_RECORDS = 100;

export function pagesOf({ records }: Pick<Scenario, 'records'>): number {
  return Math.ceil(records / PAGE_RECORDS);
}
