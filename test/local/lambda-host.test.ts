import { setImmediate } from 'node:timers/promises';
import { type FixtureHost, startFixtureHost } from './support/fixture-function.ts';

const COUNTING = `
  let count = 0;
  exports.handler = async (event) => {
    count += 1;
    await new Promise((resolve) => setTimeout(resolve, event.waitMs ?? 0));
    return count;
  };`;

describe('the lambda host', () => {
  let fixture: FixtureHost | undefined;
  const start = (...args: Parameters<typeof startFixtureHost>) => {
    fixture = startFixtureHost(...args);
    return fixture.host;
  };
  afterEach(async () => {
    await fixture?.close();
    fixture = undefined;
  });

  it('hands over the event and gives back the result as JSON', async () => {
    const host = start([{ name: 'echo', code: 'exports.handler = async (event) => ({ event });' }]);
    expect(await host.invoke('echo', '{"a":1}')).toBe('{"event":{"a":1}}');
  });

  it('finds a function by its ARN with a qualifier', async () => {
    const host = start([{ name: 'echo', code: 'exports.handler = async (event) => event;' }]);
    const arn = 'arn:aws:lambda:eu-test-1:000000000000:function:echo:live';
    expect(await host.invoke(arn, '"hello"')).toBe('"hello"');
  });

  it('gives a function what its template says and Lambda reserves, and nothing of its own', async () => {
    process.env['OF_THE_RUNTIME'] = 'must not be seen';
    const host = start(
      [
        {
          name: 'env',
          code: 'exports.handler = async () => process.env;',
          environment: { MAIN_TABLE: 'table-1' },
        },
      ],
      {
        endpointVariables: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
        credentials: { accessKeyId: 'AKID', secretAccessKey: 'SECRET' },
        extras: { ALLOW_LOOPBACK_TARGETS: 'true' },
      },
    );
    const { LAMBDA_TASK_ROOT, AWS_LAMBDA_LOG_STREAM_NAME, _X_AMZN_TRACE_ID, ...rest } = JSON.parse(
      await host.invoke('env', '{}'),
    );
    delete process.env['OF_THE_RUNTIME'];
    expect(LAMBDA_TASK_ROOT).toBe(`${fixture?.folder}/env`);
    expect(AWS_LAMBDA_LOG_STREAM_NAME).toMatch(/^local\/\[\$LATEST\][0-9a-f]{32}$/);
    expect(_X_AMZN_TRACE_ID).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Sampled=0$/);
    expect(rest).toEqual({
      MAIN_TABLE: 'table-1',
      ALLOW_LOOPBACK_TARGETS: 'true',
      AWS_ACCESS_KEY_ID: 'AKID',
      AWS_SECRET_ACCESS_KEY: 'SECRET',
      AWS_DEFAULT_REGION: 'eu-test-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_FUNCTION_NAME: 'env',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_LOG_GROUP_NAME: '/test',
      AWS_LAMBDA_LOG_LEVEL: 'INFO',
      AWS_REGION: 'eu-test-1',
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      _HANDLER: 'index.handler',
    });
  });

  it('keeps what one function sets in its environment from another', async () => {
    const host = start([
      { name: 'one', code: 'exports.handler = async () => { process.env.MARK = "one"; };' },
      { name: 'two', code: 'exports.handler = async () => process.env.MARK ?? "none";' },
    ]);
    await host.invoke('one', '{}');
    expect(await host.invoke('two', '{}')).toBe('"none"');
  });

  it('keeps an environment between events', async () => {
    const host = start([{ name: 'count', code: COUNTING }]);
    await host.invoke('count', '{}');
    expect(await host.invoke('count', '{}')).toBe('2');
  });

  it('runs one event at a time in an environment, and grows while events wait', async () => {
    const host = start([{ name: 'count', code: COUNTING }]);
    const slow = host.invoke('count', '{"waitMs":400}');
    const other = await host.invoke('count', '{}');
    expect([await slow, other]).toEqual(['1', '1']);
  });

  it('never grows beyond the reserved concurrency', async () => {
    const host = start([{ name: 'count', code: COUNTING, reservedConcurrency: 1 }]);
    const results = await Promise.all([
      host.invoke('count', '{"waitMs":30}'),
      host.invoke('count', '{"waitMs":30}'),
      host.invoke('count', '{}'),
    ]);
    expect(results).toEqual(['1', '2', '3']);
  });

  it('ends an environment whose event takes too long, and starts another for the next', async () => {
    const code = `
      exports.handler = async (event) => {
        if (event.loop) for (;;) {}
        return 'alive';
      };`;
    const host = start([{ name: 'loop', code, timeoutMs: 150 }]);
    await expect(host.invoke('loop', '{"loop":true}')).rejects.toMatchObject({
      reason: 'timed_out',
      errorType: 'Sandbox.Timedout',
    });
    expect(await host.invoke('loop', '{}')).toBe('"alive"');
    expect(JSON.parse(fixture?.logged() ?? '')).toMatchObject({
      type: 'platform.report',
      record: { status: 'timeout' },
    });
  });

  it('reports the class of an error and logs the rest, as Lambda does', async () => {
    const code = `
      exports.handler = async () => { throw new RangeError('too far'); };`;
    const host = start([{ name: 'broken', code }]);
    await expect(host.invoke('broken', '{}')).rejects.toMatchObject({
      reason: 'threw',
      errorType: 'RangeError',
    });
    await until(() => fixture?.logged() !== '');
    expect(JSON.parse(fixture?.logged() ?? '')).toMatchObject({
      level: 'ERROR',
      message: { errorType: 'RangeError', errorMessage: 'too far' },
    });
  });

  it('survives a function that ends its own process', async () => {
    const code = `
      exports.handler = async (event) => (event.exit ? process.exit(3) : 'alive');`;
    const host = start([{ name: 'exits', code }]);
    await expect(host.invoke('exits', '{"exit":true}')).rejects.toMatchObject({ reason: 'exited' });
    expect(await host.invoke('exits', '{}')).toBe('"alive"');
  });

  it('ends an environment that takes more memory than its function has', async () => {
    const code = `
      exports.handler = async () => {
        const held = [];
        for (;;) held.push(new Array(100_000).fill(held.length));
      };`;
    const host = start([{ name: 'greedy', code, memoryMb: 32 }]);
    await expect(host.invoke('greedy', '{}')).rejects.toMatchObject({
      errorType: 'Runtime.OutOfMemory',
    });
  });

  it('refuses a bundle that imports what it does not contain', async () => {
    const host = start([
      { name: 'leaky', code: `require('zod'); exports.handler = async () => 1;` },
    ]);
    await expect(host.invoke('leaky', '{}')).rejects.toMatchObject({
      reason: 'init_failed',
      errorType: 'Runtime.ImportModuleError',
    });
  });

  it('refuses an event above 6 MB', async () => {
    const host = start([{ name: 'echo', code: 'exports.handler = async () => 1;' }]);
    const event = JSON.stringify('x'.repeat(6 * 1024 * 1024));
    await expect(host.invoke('echo', event)).rejects.toMatchObject({ reason: 'too_large' });
  });

  it('refuses a buffered answer above 6 MB', async () => {
    const code = `exports.handler = async () => 'x'.repeat(6 * 1024 * 1024);`;
    const host = start([{ name: 'big', code }]);
    await expect(host.invoke('big', '{}')).rejects.toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
    });
  });

  it('logs the lines of the function and nothing else', async () => {
    const code = `
      exports.handler = async () => {
        console.debug('too quiet');
        console.log('hello', 1);
        process.stdout.write('{"raw":true}\\n');
      };`;
    const host = start([{ name: 'talks', code }]);
    await host.invoke('talks', '{}');
    await until(() => fixture?.logged().includes('raw') ?? false);
    const [first, second, ...rest] = (fixture?.logged() ?? '').trimEnd().split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({ level: 'INFO', message: 'hello 1' });
    expect(second).toBe('{"raw":true}');
    expect(rest).toEqual([]);
  });

  it('streams chunks while the function runs', async () => {
    const code = `
      exports.handler = awslambda.streamifyResponse(async (event, stream) => {
        const out = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
        out.write('first');
        await new Promise((resolve) => setTimeout(resolve, 20));
        out.write('second');
        out.end();
      });`;
    const host = start([{ name: 'stream', code }]);
    const chunks: string[] = [];
    await host.invokeStreaming('stream', '{}', async (bytes) => {
      chunks.push(Buffer.from(bytes).toString());
    });
    expect(chunks).toEqual([`{"statusCode":201}${'\0'.repeat(8)}first`, 'second']);
  });

  it('sends no metadata for a stream that is ended without a write, as Lambda', async () => {
    const code = `
      exports.handler = awslambda.streamifyResponse(async (event, stream) => {
        awslambda.HttpResponseStream.from(stream, { statusCode: 204 }).end();
      });`;
    const host = start([{ name: 'silent', code }]);
    let bytes = 0;
    await host.invokeStreaming('silent', '{}', async (chunk) => {
      bytes += chunk.length;
    });
    expect(bytes).toBe(0);
  });

  it('holds the function back while the receiver is busy', async () => {
    const code = `
      exports.handler = awslambda.streamifyResponse(async (event, stream) => {
        let written = 0;
        const chunk = Buffer.alloc(16_384);
        while (written < 100 && stream.write(chunk)) written += 1;
        console.log(written);
        stream.end();
      });`;
    const host = start([{ name: 'eager', code }]);
    let release = () => {};
    const busy = new Promise<void>((resolve) => {
      release = resolve;
    });
    const done = host.invokeStreaming('eager', '{}', () => busy);
    await until(() => fixture?.logged() !== '');
    expect(JSON.parse(fixture?.logged() ?? '').message).toBe('3');
    release();
    await done;
  });

  it('keeps what a failed stream still writes from the next caller', async () => {
    const code = `
      exports.handler = awslambda.streamifyResponse(async (event, stream) => {
        if (event.fail) {
          setTimeout(() => stream.write('late'), 20);
          throw new Error('failed');
        }
        await new Promise((resolve) => setTimeout(resolve, 60));
        stream.end('mine');
      });`;
    const host = start([{ name: 'late', code, reservedConcurrency: 1 }]);
    const ignore = async () => {};
    await expect(host.invokeStreaming('late', '{"fail":true}', ignore)).rejects.toThrow();
    const heard: string[] = [];
    await host.invokeStreaming('late', '{}', async (bytes) => {
      heard.push(Buffer.from(bytes).toString());
    });
    expect(heard).toEqual(['mine']);
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setImmediate();
}
