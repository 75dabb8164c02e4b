import { deadlineOf } from '#shared/runtime/deadline.ts';

const clock = { now: () => 10_000 };
const leaving = (ms: number) => ({ getRemainingTimeInMillis: () => ms });

describe('deadlineOf', () => {
  it('leaves two seconds before Lambda ends the invocation', () => {
    expect(deadlineOf(leaving(30_000), clock)).toBe(38_000);
  });

  it('is never in the past', () => {
    expect(deadlineOf(leaving(1_000), clock)).toBe(10_000);
  });
});
