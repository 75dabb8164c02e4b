import { brandId } from '#shared/kernel/id.ts';
import { retryDelayMs } from '#shared/webhook/delivery/deliver.ts';
import { deliveryMessage } from '#shared/webhook/delivery/delivery-message.ts';
import { jsonData, type OutboundEvent } from '#shared/webhook/delivery/outbound-event.ts';
import {
  createWebhookWorld,
  ENVIRONMENT,
  subscribe,
  type WebhookWorld,
} from '../../../support/worlds/webhook-world.ts';

const EVENT: OutboundEvent = {
  id: brandId<'evt'>('evt_1'),
  type: 'integrated_account:active',
  atMs: 0,
  environmentId: ENVIRONMENT,
  data: jsonData({ status: 'active' }),
};
/** Chance in the middle of its range. */
const EVEN = { bytes: () => Buffer.alloc(0), integer: () => 0 };

async function deliverAll(world: WebhookWorld): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (let next = world.queue.shift(); next; next = world.queue.shift()) {
    world.clock.advance(next.delaySeconds * 1_000);
    outcomes.push(await world.deliver(deliveryMessage.parse(next.message)));
  }
  return outcomes;
}

describe('publishing', () => {
  it('sends one ticket to each subscription that wants the event', async () => {
    const world = createWebhookWorld();
    const { subscription } = await subscribe(world, ['integrated_account:*']);
    await subscribe(world, ['sync_job_run:*']);
    expect(await world.publish(EVENT)).toBe(1);
    expect(world.queue.map(({ message }) => message.subscription_id)).toEqual([subscription.id]);
  });

  it('sends a test to the one subscription that asked, whatever it listens to', async () => {
    const world = createWebhookWorld();
    const { subscription } = await subscribe(world, ['sync_job_run:*']);
    expect(await world.publish({ ...EVENT, type: 'test' }, { to: subscription.id })).toBe(1);
  });

  it('puts no payload into the message', async () => {
    const world = createWebhookWorld();
    await subscribe(world);
    await world.publish(EVENT);
    expect(JSON.stringify(world.queue)).not.toContain('"status"');
  });
});

describe('delivering', () => {
  it('posts once, discards the claim and notes the try', async () => {
    const world = createWebhookWorld();
    const { subscription } = await subscribe(world);
    await world.publish(EVENT);
    expect(await deliverAll(world)).toEqual(['delivered']);
    expect(world.receiver.accepted.map(({ id, data }) => [id, data])).toEqual([
      ['evt_1', { status: 'active' }],
    ]);
    expect(world.claims.held.size).toBe(0);
    expect((await world.log.list(subscription.id)).attempts).toMatchObject([
      { eventId: 'evt_1', attempt: 1, ok: true, status: 200 },
    ]);
  });

  it('tries again five times under the same id, then gives up', async () => {
    const world = createWebhookWorld();
    await subscribe(world);
    world.receiver.answer = () => ({ status: 500 });
    await world.publish(EVENT);
    expect(await deliverAll(world)).toEqual([
      'retried',
      'retried',
      'retried',
      'retried',
      'retried',
      'given_up',
    ]);
    expect(new Set(world.receiver.posts.map(({ id }) => id))).toEqual(new Set(['evt_1']));
    expect(world.claims.held.size).toBe(0);
  });

  it('ends with a receiver that is gone, and disables it', async () => {
    const world = createWebhookWorld();
    const { subscription } = await subscribe(world);
    world.receiver.answer = () => ({ status: 410 });
    await world.publish(EVENT);
    expect(await deliverAll(world)).toEqual(['given_up']);
    expect(await world.subscriptions.get(ENVIRONMENT, subscription.id)).toMatchObject({
      status: 'disabled',
      disabledReason: 'gone',
    });
  });

  it('drops what was meant for a subscription that is disabled or gone', async () => {
    const world = createWebhookWorld();
    const { subscription } = await subscribe(world);
    await world.publish(EVENT);
    await world.subscriptions.delete(ENVIRONMENT, subscription.id);
    expect(await deliverAll(world)).toEqual(['not_wanted']);
    expect(world.claims.held.size).toBe(0);
  });

  it('posts nothing once the claim has expired', async () => {
    const world = createWebhookWorld();
    await subscribe(world);
    await world.publish(EVENT);
    world.claims.held.clear();
    expect(await deliverAll(world)).toEqual(['expired']);
    expect(world.receiver.posts).toEqual([]);
  });
});

describe('retryDelayMs', () => {
  const refused = { ok: false, reason: 'refused', latencyMs: 1 } as const;

  it.each([
    [0, 5_000],
    [1, 30_000],
    [2, 120_000],
    [3, 360_000],
    [4, 750_000],
    [5, undefined],
  ])('waits after %i tries: %s ms', (attempts, expected) => {
    expect(retryDelayMs(attempts, refused, EVEN)).toBe(expected);
  });

  it('waits longer where the receiver asks, but no longer than the queue can', () => {
    expect(retryDelayMs(0, { ...refused, retryAfterMs: 60_000 }, EVEN)).toBe(60_000);
    expect(retryDelayMs(0, { ...refused, retryAfterMs: 9_000_000 }, EVEN)).toBe(900_000);
    expect(retryDelayMs(1, { ...refused, retryAfterMs: 1 }, EVEN)).toBe(30_000);
  });

  it('spreads by a fifth', () => {
    expect(retryDelayMs(0, refused, { ...EVEN, integer: (low) => low })).toBe(4_000);
    expect(retryDelayMs(0, refused, { ...EVEN, integer: (_, high) => high })).toBe(6_000);
  });
});

describe('the fan-out of a run', () => {
  const RECORD: OutboundEvent = { ...EVENT, type: 'sync_job_run:record' };

  it('is accepted once every receiver has the event', async () => {
    const world = createWebhookWorld();
    await subscribe(world, ['*'], 'a');
    await subscribe(world, ['*'], 'b');
    expect(await world.fanOut.send(RECORD)).toEqual({ kind: 'accepted' });
    expect(world.receiver.posts.map(({ url }) => url).sort()).toEqual([
      'https://a.operator.com/',
      'https://b.operator.com/',
    ]);
  });

  it('is refused where one receiver fails, with the longest wait that was asked for', async () => {
    const world = createWebhookWorld();
    await subscribe(world, ['*'], 'a');
    await subscribe(world, ['*'], 'b');
    world.receiver.answer = ({ url }) =>
      url.includes('//a') ? { status: 200 } : { status: 503, headers: { 'retry-after': '7' } };
    expect(await world.fanOut.send(RECORD)).toEqual({ kind: 'refused', retryAfterMs: 7_000 });
  });

  it('says so where nobody wants the event', async () => {
    const world = createWebhookWorld();
    await subscribe(world, ['test']);
    expect(await world.fanOut.send(RECORD)).toEqual({ kind: 'unwanted' });
    expect(await world.fanOut.isWanted('test')).toBe(true);
  });

  it('notices a new subscription within ten seconds', async () => {
    const world = createWebhookWorld();
    await world.fanOut.send(RECORD);
    await subscribe(world);
    expect(await world.fanOut.isWanted(RECORD.type)).toBe(false);
    world.clock.advance(10_000);
    expect(await world.fanOut.isWanted(RECORD.type)).toBe(true);
  });

  it('lists the failures of a run, metadata only', async () => {
    const world = createWebhookWorld();
    const { subscription } = await subscribe(world);
    world.receiver.answer = () => ({ status: 500 });
    await world.fanOut.send(RECORD);
    const { attempts } = await world.log.list(subscription.id);
    expect(attempts).toMatchObject([{ eventType: 'sync_job_run:record', ok: false, status: 500 }]);
  });
});
