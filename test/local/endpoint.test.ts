import { openEndpoint } from '../../local/endpoint.ts';
import { startTicker } from '../../local/events/ticker.ts';
import type { Stack } from '../../local/provision/stack.ts';

const schedule = (
  expression: string,
  target = 'arn:aws:lambda:eu-west-1:000000000000:function:f',
) => ({
  logicalId: 'Sweep',
  type: 'AWS::Scheduler::Schedule',
  properties: {
    ScheduleExpression: expression,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: target, RoleArn: 'arn:role', Input: '{"n":1}' },
  },
  ref: 'sweep',
  attributes: {},
});
const stackOf = (...resources: Stack['resources']): Stack => ({
  name: 'Test',
  region: 'eu-west-1',
  accountId: '000000000000',
  resources,
});

describe('an endpoint elsewhere', () => {
  it('is used when any AWS_ENDPOINT_URL variable is set, with what the runtime was given', async () => {
    const endpoint = await openEndpoint({
      dataDir: '/nowhere',
      environment: {
        AWS_ENDPOINT_URL_SQS: 'http://moto:5000',
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'AKID',
        HOME: '/home/me',
        PATH: '/bin',
      },
      onFault: () => {},
    });
    expect(endpoint).toMatchObject({ region: 'eu-west-1', invokesFunctions: false });
    expect(endpoint.variables).toEqual({
      AWS_ENDPOINT_URL_SQS: 'http://moto:5000',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKID',
      HOME: '/home/me',
    });
  });
});

describe('the ticker', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('invokes a function at its rate until it is stopped', () => {
    const invoked: string[] = [];
    const stop = startTicker({
      stack: stackOf(schedule('rate(1 minute)')),
      invoke: async (functionId, event) => {
        invoked.push(`${functionId} ${event}`);
        return 'null';
      },
    });
    jest.advanceTimersByTime(120_000);
    stop();
    jest.advanceTimersByTime(120_000);
    const expected = 'arn:aws:lambda:eu-west-1:000000000000:function:f {"n":1}';
    expect(invoked).toEqual([expected, expected]);
  });

  it('leaves schedules of queues to the endpoint', () => {
    const stack = stackOf(schedule('nonsense', 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage'));
    startTicker({ stack, invoke: () => Promise.reject(new Error('must not run')) })();
  });

  it('refuses an expression that it does not know', () => {
    const stack = stackOf(schedule('rate(0 minutes)'));
    expect(() => startTicker({ stack, invoke: async () => 'null' })).toThrow(
      expect.objectContaining({ detail: { logicalId: 'Sweep' } }),
    );
  });
});
