import { brandId } from '#shared/kernel/id.ts';
import { Transient } from '#shared/kernel/transient.ts';
import type { BoundaryCall } from '#shared/proxy/boundary-call.ts';
import { createTelemetry, type LogFields } from '#shared/runtime/telemetry.ts';

const CALL: BoundaryCall = {
  requestId: 'r1',
  environmentId: brandId('env_1'),
  tenantId: brandId('t1'),
  accountId: brandId('ia_1'),
  integration: 'acme',
  operation: 'tickets.list',
  method: 'GET',
  url: 'https://acme.example/tickets?page={}',
  startedAtMs: 0,
  latencyMs: 12,
  status: 429,
  errorCode: 'rate_limited',
};

/** What was written to CloudWatch, line by line. */
function linesOf(work: () => void): Record<string, never>[] {
  const lines: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  try {
    work();
  } finally {
    write.mockRestore();
  }
  return lines.map((line) => JSON.parse(line));
}

describe('createTelemetry', () => {
  it('writes a line of ids for each call to a provider, and its figures as metrics', () => {
    const [line, metrics] = linesOf(() =>
      createTelemetry({ serviceName: 'test', logLevel: 'INFO' }).observeCall(CALL),
    );

    expect(line).toMatchObject({
      message: 'provider call',
      started_at: '1970-01-01T00:00:00.000Z',
      request_id: 'r1',
      integrated_account_id: 'ia_1',
      provider: 'acme',
      status: 429,
      latency_ms: 12,
    });
    expect(metrics).toMatchObject({
      provider: 'acme',
      operation: 'tickets.list',
      'integration.request.latency': 12,
      'integration.request.error': 1,
      'integration.ratelimit.exhaustion': 1,
    });
  });

  it('has no dimension that grows with accounts', () => {
    const [, metrics] = linesOf(() =>
      createTelemetry({ serviceName: 'test', logLevel: 'INFO' }).observeCall(CALL),
    ) as { _aws?: { CloudWatchMetrics: { Dimensions: string[][] }[] } }[];

    expect(metrics?._aws?.CloudWatchMetrics[0]?.Dimensions).toEqual([
      ['service', 'provider', 'operation'],
    ]);
  });

  it('refuses to write what is transient, where the type did not', () => {
    const { log } = createTelemetry({ serviceName: 'test', logLevel: 'INFO' });
    const fields = { deep: { body: Transient.of('s3cret') } } as unknown as LogFields;

    const lines = linesOf(() => {
      expect(() => log.info('x', fields)).toThrow('about to be written down');
    });

    expect(lines).toEqual([]);
  });

  it('writes nothing below its level', () => {
    const { log } = createTelemetry({ serviceName: 'test', logLevel: 'ERROR' });

    expect(linesOf(() => log.info('x'))).toEqual([]);
  });
});
