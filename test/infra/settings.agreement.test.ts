/** Numbers and names that infra and the code both write down, because infra imports no code. */
import { CLAIM_OBJECTS } from '../../infra/permissions.ts';
import { readSettings } from '../../infra/settings.ts';
import { CLAIMS_PREFIX } from '../../shared/claim-check/expiry-prefix.ts';
import { DEFAULT_SETTINGS, LEASE_MARGIN_MS } from '../../shared/sync/step/settings.ts';

const settings = readSettings({});
const refuses = (context: Record<string, unknown>) => {
  expect(() => readSettings(context)).toThrow();
};

describe('infra and the code', () => {
  it('start from the same times of a sync step', () => {
    const { stepBudgetMs, leaseMs, deliveryTimeoutMs } = settings;
    const { consumerBackoffMinMs, consumerBackoffMaxMs } = settings;

    expect(DEFAULT_SETTINGS).toMatchObject({
      stepBudgetMs,
      leaseMs,
      deliveryTimeoutMs,
      consumerBackoffMinMs,
      consumerBackoffMaxMs,
    });
  });

  it('ask the same of a lease', () => {
    const shortest = settings.deliveryTimeoutMs + LEASE_MARGIN_MS;

    expect(readSettings({ leaseMs: shortest + 1 }).leaseMs).toBe(shortest + 1);
    refuses({ leaseMs: shortest });
  });

  it('leave a step the same room to end in', () => {
    const { stepTimeoutSeconds, providerTimeoutMs, deliveryTimeoutMs } = settings;
    const rest = DEFAULT_SETTINGS.slowBatchMs + providerTimeoutMs + deliveryTimeoutMs;
    const longest = stepTimeoutSeconds * 1_000 - rest;

    expect(readSettings({ stepBudgetMs: longest }).stepBudgetMs).toBe(longest);
    refuses({ stepBudgetMs: longest + 1 });
  });

  it('mean the same objects by claims', () => {
    expect(CLAIM_OBJECTS).toBe(`${CLAIMS_PREFIX}*`);
  });
});
