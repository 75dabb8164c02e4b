/**
 * Where an account's mappings come from: the catalogue's own, with the layers of its environment and
 * of the account over them. A port: a function without layers may pass the catalogue's.
 *
 * The same object while nothing has changed, so that callers may keep by identity what they made of it.
 *
 * Errors  InvalidOverrideError where a stored layer does not fit; for that resource alone
 */
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { Mapping } from '../integration/mapping/plan.ts';

/** Undefined where the integration does not map the resource. */
export type FindMapping = (
  account: IntegratedAccount,
  model: string,
  resource: string,
) => Promise<Mapping | undefined>;
