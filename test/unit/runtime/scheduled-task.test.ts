import { scheduledTask } from '#shared/runtime/scheduled-task.ts';
import { aContext } from '../../support/builders/lambda-context.ts';
import { aQuietTelemetry, type Line } from '../../support/doubles/quiet-telemetry.ts';

describe('scheduledTask', () => {
  it('says what it did', async () => {
    const lines: Line[] = [];

    await scheduledTask(aQuietTelemetry(lines), 'sweep', async () => ({ hints: 3 }))(
      {},
      aContext(),
    );

    expect(lines).toEqual([{ level: 'info', message: 'sweep done', fields: { hints: 3 } }]);
  });

  it('fails the invocation, and keeps the reason to its own line', async () => {
    const lines: Line[] = [];
    const task = () => Promise.reject(new TypeError('s3cret'));

    const failed = scheduledTask(aQuietTelemetry(lines), 'sweep', task)({}, aContext());

    await expect(failed).rejects.toThrow('its own log line says why');
    expect(lines).toMatchObject([
      { level: 'error', message: 'sweep failed', fields: { error: { name: 'TypeError' } } },
    ]);
    expect(JSON.stringify(lines)).not.toContain('s3cret');
  });
});
