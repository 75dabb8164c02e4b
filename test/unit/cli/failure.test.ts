import { UsageError } from '../../../authoring/usage-error.ts';
import { CommandFailedError, reportFailure } from '../../../cli/failure.ts';
import { MillraceError } from '../../../client/millrace-client.ts';

describe('reportFailure', () => {
  it('ends wrong usage with 2', () => {
    expect(reportFailure(new UsageError('--port takes a port number'))).toEqual({
      exitCode: 2,
      lines: ['--port takes a port number'],
    });
  });

  it('ends a failed outcome with 1', () => {
    expect(reportFailure(new CommandFailedError('the run failed')).exitCode).toBe(1);
  });

  it('shows every fault of a refused request with its path and line, and the request id', () => {
    const error = new MillraceError({
      type: 'about:blank',
      title: 'Invalid request',
      status: 400,
      code: 'invalid_request',
      detail: 'the job cannot run',
      origin: 'caller',
      retryable: false,
      request_id: 'req_1',
      errors: [
        { path: 'resources[1].depends_on', message: 'unknown resource' },
        { path: 'auth', message: 'unknown key', line: 7 },
      ],
    });

    expect(reportFailure(error)).toEqual({
      exitCode: 1,
      lines: [
        'invalid_request: the job cannot run',
        '  resources[1].depends_on: unknown resource',
        '  auth (line 7): unknown key',
        '  request id req_1',
      ],
    });
  });
});
