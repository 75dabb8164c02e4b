import { Readable } from 'node:stream';
import type { SendHttp } from '#shared/http/http-message.ts';
import {
  ForbiddenAddressError,
  ProviderTimeoutError,
  ProviderUnreachableError,
} from '#shared/http/network-errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import { Transient } from '#shared/kernel/transient.ts';
import { createPostEvent } from '#shared/webhook/delivery/post-event.ts';
import type { Receiver } from '#shared/webhook/subscription/receivers.ts';
import { VirtualClock } from '../../../support/doubles/virtual-clock.ts';

const EVENT = {
  id: brandId<'evt'>('evt_1'),
  type: 'test',
  body: Transient.of(Buffer.from('{}')),
};

function receiverAt(url: string): Receiver {
  return {
    subscription: {
      id: brandId<'sub'>('sub_1'),
      environmentId: brandId<'env'>('env_1'),
      url,
      events: ['*'],
      status: 'enabled',
      failures: 0,
      createdAtMs: 0,
      updatedAtMs: 0,
      version: 1,
    },
    secrets: [Transient.of('whsec_AAAA')],
  };
}

function post(send: SendHttp, url = 'https://hooks.operator.com/') {
  const clock = new VirtualClock(0);
  return createPostEvent({ send, clock, allowLoopback: false })(receiverAt(url), EVENT);
}

function answering(status: number, headers = {}, body = Readable.from(['ok'])): SendHttp {
  return async () => ({ status, headers, body: Transient.of(body) });
}

describe('posting an event', () => {
  it.each([
    [200, true, 'delivered'],
    [299, true, 'delivered'],
    [301, false, 'redirected'],
    [400, false, 'refused'],
    [410, false, 'gone'],
    [500, false, 'refused'],
  ])('takes %i for ok=%s, %s', async (status, ok, reason) => {
    expect(await post(answering(status))).toEqual({ ok, reason, status, latencyMs: 0 });
  });

  it.each([
    ['30', 30_000],
    ['Thu, 01 Jan 1970 00:01:00 GMT', 60_000],
  ])('reads Retry-After: %s', async (header, retryAfterMs) => {
    expect(await post(answering(503, { 'retry-after': header }))).toMatchObject({ retryAfterMs });
  });

  it.each([
    [new ProviderTimeoutError('x', {}, { retry: 'never' }), 'timed_out'],
    [new ProviderUnreachableError('x', {}, { retry: 'never' }), 'unreachable'],
    [new ForbiddenAddressError('x'), 'forbidden_address'],
  ])('makes an outcome of a failure to connect', async (error, reason) => {
    const outcome = await post(async () => {
      throw error;
    });
    expect(outcome).toEqual({ ok: false, reason, latencyMs: 0 });
  });

  it('checks at every send that the target is https', async () => {
    const send: SendHttp = async () => {
      throw new Error('must not be called');
    };
    expect(await post(send, 'http://hooks.operator.com/')).toMatchObject({
      ok: false,
      reason: 'insecure_url',
    });
  });

  it('gives a receiver 15 seconds, and sends exactly the signed bytes', async () => {
    let sent: Parameters<SendHttp>[0] | undefined;
    await post(async (request) => {
      sent = request;
      return answering(200)(request);
    });
    expect(sent).toMatchObject({ method: 'POST', timeoutMs: 15_000 });
    expect(sent?.body?.reveal()).toBe(EVENT.body.reveal());
    expect(sent?.headers).toMatchObject({ 'content-type': 'application/json' });
  });

  it('reads no more than 64 KB of what the receiver answers', async () => {
    let chunks = 0;
    const endless = new Readable({
      read() {
        chunks += 1;
        this.push(Buffer.alloc(16_384));
      },
    });
    expect(await post(answering(200, {}, endless))).toMatchObject({ ok: true });
    expect(endless.destroyed).toBe(true);
    expect(chunks).toBeLessThan(20);
  });

  it('counts a success whose answer breaks off as a success', async () => {
    const broken = new Readable({
      read() {
        this.destroy(new Error('reset'));
      },
    });
    expect(await post(answering(200, {}, broken))).toMatchObject({ ok: true });
  });
});
