import { readSettings, SettingsError } from '../../infra/settings.ts';

const faultsOf = (context: Record<string, unknown>) => {
  try {
    readSettings(context);
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
};

describe('settings', () => {
  it('reads numbers from text, as the command line gives them', () => {
    expect(readSettings({ deliveryTimeoutMs: '5000' }).deliveryTimeoutMs).toBe(5_000);
  });

  it('reads "false" as false', () => {
    expect(readSettings({ deletionProtection: 'false' }).deletionProtection).toBe(false);
  });

  it('leaves the switches of CDK alone', () => {
    expect(faultsOf({ 'aws:cdk:enable-path-metadata': true, '@aws-cdk/core:x': true })).toEqual([]);
  });

  it('refuses a name that it does not know', () => {
    expect(faultsOf({ stepBugdetMs: '1000' })).toEqual([expect.stringContaining('stepBugdetMs')]);
  });

  it('lists every fault at once', () => {
    const faults = faultsOf({ logRetentionDays: '45', recoveryDays: '99' });

    expect(faults).toHaveLength(2);
    expect(faults.join()).toMatch(/logRetentionDays.*recoveryDays/);
  });

  it('refuses a step that could run into its own timeout', () => {
    expect(faultsOf({ stepBudgetMs: '250001' })).toEqual([
      expect.stringMatching(/^stepBudgetMs: /),
    ]);
  });

  it('takes the longest step that its timeout has room for', () => {
    expect(faultsOf({ stepBudgetMs: '250000' })).toEqual([]);
  });

  it('refuses a lease that one slow delivery would outlive', () => {
    expect(faultsOf({ leaseMs: '15200' })).toEqual([expect.stringMatching(/^leaseMs: /)]);
  });

  it('refuses a first wait that is longer than the longest', () => {
    expect(faultsOf({ consumerBackoffMinMs: '100', consumerBackoffMaxMs: '50' })).toEqual([
      expect.stringMatching(/^consumerBackoffMinMs: /),
    ]);
  });

  it('refuses to keep dead letters shorter than the letters', () => {
    expect(faultsOf({ deadLetterRetentionHours: '2' })).toEqual([
      expect.stringMatching(/^deadLetterRetentionHours: /),
    ]);
  });
});
