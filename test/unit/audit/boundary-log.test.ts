import { boundaryLine } from '../../../shared/audit/boundary-log.ts';
import { brandId } from '../../../shared/kernel/id.ts';

const CALL = {
  requestId: 'req-1',
  environmentId: brandId<'env'>('env_1'),
  tenantId: brandId<'tenant'>('t'),
  accountId: brandId<'ia'>('ia_1'),
  integration: 'acme',
  operation: 'things.list',
  method: 'GET',
  url: 'https://api.acme.com/things?q={}',
  startedAtMs: Date.parse('2026-03-01T12:00:00.000Z'),
  latencyMs: 12,
};

describe('boundaryLine', () => {
  it('holds ids, figures and the templated URL', () => {
    const rateLimit = { limit: 100, remaining: 40, resetAtMs: 1_772_366_400_500 };

    expect(boundaryLine({ ...CALL, status: 200, providerRequestId: 'p', rateLimit })).toEqual({
      timestamp: '2026-03-01T12:00:00.000Z',
      request_id: 'req-1',
      environment_id: 'env_1',
      tenant_id: 't',
      integrated_account_id: 'ia_1',
      provider: 'acme',
      operation: 'things.list',
      method: 'GET',
      url: 'https://api.acme.com/things?q={}',
      status: 200,
      latency_ms: 12,
      provider_request_id: 'p',
      ratelimit_limit: 100,
      ratelimit_remaining: 40,
      ratelimit_reset: 1_772_366_401,
      headers_redacted: true,
    });
  });

  it('leaves out what is not known', () => {
    const line = boundaryLine({ ...CALL, errorCode: 'provider_timeout' });

    expect(line).toMatchObject({ error_code: 'provider_timeout' });
    expect(line).not.toHaveProperty('status');
    expect(line).not.toHaveProperty('ratelimit_limit');
  });
});
