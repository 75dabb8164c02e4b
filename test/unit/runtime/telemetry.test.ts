import { brandId } from '#shared/kernel/id.ts';
import { Transient } from '#shared/kernel/transient.ts';
import { createTelemetry, type LogFields } from '#shared/runtime/telemetry.ts';
import type { BoundaryCall } from '#shared/wire/boundary-call.ts';
import { aContext } from '../../support/builders/lambda-context.ts';

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
    const lines = linesOf(() =>
      createTelemetry({ serviceName: 'test', logLevel: 'INFO' }).observeCall(CALL),
    );

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'INFO',
      service: 'test',
      message: 'provider call',
      started_at: '1970-01-01T00:00:00.000Z',
      request_id: 'r1',
      integrated_account_id: 'ia_1',
      provider: 'acme',
      status: 429,
      latency_ms: 12,
      operation: 'tickets.list',
      'integration.request.latency': 12,
      'integration.request.error': 1,
      'integration.ratelimit.exhaustion': 1,
    });
  });

  it('writes the figures alone where lines of that level are not wanted', () => {
    const [metrics, ...more] = linesOf(() =>
      createTelemetry({ serviceName: 'test', logLevel: 'WARN' }).observeCall(CALL),
    );

    expect(more).toEqual([]);
    expect(Object.keys(metrics ?? {})).toEqual([
      'service',
      '_aws',
      'provider',
      'operation',
      'integration.request.latency',
      'integration.request.error',
      'integration.ratelimit.exhaustion',
    ]);
  });

  it('tells of the invocation in every line', () => {
    const { log, logger } = createTelemetry({ serviceName: 'test', logLevel: 'INFO' });
    logger.addContext(aContext());
    const lines = linesOf(() => {
      log.info('first', { a: 1 });
      logger.addContext(aContext());
      log.info('second', { a: 2 });
    });

    expect(lines[0]).toMatchObject({
      level: 'INFO',
      message: 'first',
      service: 'test',
      cold_start: true,
      function_name: aContext().functionName,
      function_request_id: aContext().awsRequestId,
      a: 1,
    });
    expect(lines[1]).toMatchObject({ message: 'second', cold_start: false, a: 2 });
  });

  it('has no dimension that grows with accounts', () => {
    const [metrics] = linesOf(() =>
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
