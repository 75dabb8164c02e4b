/** Erases what an account changed of its integration's mappings, every version of it. */
import { accountOverrideKey, sortPrefix } from '../aws/keys.ts';
import type { Table } from '../aws/table.ts';
import type { AccountId } from '../kernel/id.ts';

/** What is there when it begins; what somebody puts meanwhile may stay. */
export async function eraseOverride(
  table: Pick<Table, 'query' | 'delete'>,
  accountId: AccountId,
): Promise<void> {
  const { pk } = accountOverrideKey(accountId);
  let start: string | undefined;
  do {
    const page = await table.query({
      partition: pk,
      sort: { beginsWith: sortPrefix.override },
      consistent: true,
      ...(start === undefined ? {} : { start }),
    });
    for (const { sk } of page.items) await table.delete({ pk, sk });
    start = page.next;
  } while (start !== undefined);
}
