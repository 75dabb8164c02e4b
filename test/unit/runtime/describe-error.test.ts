import { NotFoundError } from '#shared/kernel/errors.ts';
import { describeError } from '#shared/runtime/describe-error.ts';

describe('describeError', () => {
  it('keeps code, words and ids of our own errors', () => {
    expect(describeError(new NotFoundError('no such job', { jobId: 'job_1' }))).toMatchObject({
      name: 'NotFoundError',
      code: 'not_found',
      message: 'no such job',
      ids: { jobId: 'job_1' },
    });
  });

  it('leaves out the words of others, wherever they hide', () => {
    const inner = new SyntaxError('Unexpected token in "s3cret"');
    const outer = new NotFoundError('no such job', {}, { cause: inner });

    const described = describeError(outer);

    expect(JSON.stringify(described)).not.toContain('s3cret');
    expect(described).toMatchObject({ cause: { name: 'SyntaxError' } });
  });

  it('leaves out a message of several lines, of which the stack repeats each', () => {
    const error = new Error('first s3cret\n    at s3cret\nlast s3cret');

    expect(JSON.stringify(describeError(error))).not.toContain('s3cret');
  });

  it('says where it happened', () => {
    expect(JSON.stringify(describeError(new Error('x')))).toContain('describe-error.test.ts');
  });

  it('names the action that a role may not do', () => {
    const denied = Object.assign(new Error('role x is not authorized to perform: dynamodb:Query'), {
      name: 'AccessDeniedException',
    });

    expect(describeError(denied)).toMatchObject({
      message: 'role x is not authorized to perform: dynamodb:Query',
    });
  });

  it('says only the kind of what is no error', () => {
    expect(describeError('s3cret')).toEqual({ name: 'string' });
  });

  it('ends at a cause that is its own', () => {
    const error = new Error('x');
    error.cause = error;

    expect(() => JSON.stringify(describeError(error))).not.toThrow();
  });
});
