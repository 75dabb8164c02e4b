/** AWS clients are made in one file, so that their timeouts and retries are said in one place. */
import { sourceFiles, withoutComments } from './sources.ts';

const MAKES_CLIENT = /new\s+(?:DynamoDB|KMS|S3|SQS|Scheduler)Client\b/;

describe('AWS clients', () => {
  it('are made in shared/aws/clients.ts only', () => {
    const makers = sourceFiles('shared', 'functions')
      .filter(({ text }) => MAKES_CLIENT.test(withoutComments(text)))
      .map(({ path }) => path);

    expect(makers).toEqual(['shared/aws/clients.ts']);
  });

  it('are passed down from handlers: nothing else calls their makers', () => {
    const callers = sourceFiles('shared', 'functions')
      .filter(({ text }) => /from '[^']*\/aws\/clients\.ts'/.test(text))
      .map(({ path }) => path)
      .filter((path) => !/^(functions\/[^/]+\/|shared\/runtime\/)/.test(path));

    expect(callers).toEqual([]);
  });
});
