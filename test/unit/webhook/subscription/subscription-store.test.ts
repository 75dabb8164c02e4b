import { ConditionFailedError } from '#shared/aws/table.ts';
import { NotFoundError } from '#shared/kernel/errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import {
  createWebhookWorld,
  ENVIRONMENT,
  subscribe,
} from '../../../support/worlds/webhook-world.ts';

const OTHER = brandId<'env'>('env_2');

async function liveSecrets(world: ReturnType<typeof createWebhookWorld>, id: string) {
  const receiver = await world.receivers.one(ENVIRONMENT, brandId(id));
  return receiver!.secrets.map((secret) => secret.reveal());
}

describe('subscriptions', () => {
  it('show their secret once and keep it sealed', async () => {
    const world = createWebhookWorld();
    const { subscription, secret } = await subscribe(world);
    expect(secret.reveal()).toMatch(/^whsec_/);
    expect(JSON.stringify(world.table.items())).not.toContain(secret.reveal());
    expect(JSON.stringify(subscription)).not.toContain('whsec_');
  });

  it('are listed in their environment only', async () => {
    const world = createWebhookWorld();
    const { subscription } = await subscribe(world);
    expect(await world.subscriptions.list(ENVIRONMENT)).toEqual({ subscriptions: [subscription] });
    expect(await world.subscriptions.list(OTHER)).toEqual({ subscriptions: [] });
    await expect(world.subscriptions.get(OTHER, subscription.id)).rejects.toThrow(NotFoundError);
  });

  it('sign with the old secret until the overlap of a rotation ends', async () => {
    const world = createWebhookWorld();
    const { subscription, secret: old } = await subscribe(world);
    const { secret } = await world.subscriptions.rotateSecret(ENVIRONMENT, subscription.id, 60_000);
    expect(await liveSecrets(world, subscription.id)).toEqual([secret.reveal(), old.reveal()]);
    world.clock.advance(60_000);
    expect(await liveSecrets(world, subscription.id)).toEqual([secret.reveal()]);
  });

  it('drop the old secret at once where no overlap is asked for', async () => {
    const world = createWebhookWorld();
    const { subscription } = await subscribe(world);
    const { secret } = await world.subscriptions.rotateSecret(ENVIRONMENT, subscription.id, 0);
    expect(await liveSecrets(world, subscription.id)).toEqual([secret.reveal()]);
  });

  it('take only what a change says, and null for nothing', async () => {
    const world = createWebhookWorld();
    const { subscription } = await subscribe(world);
    const { patch } = world.subscriptions;
    await patch(ENVIRONMENT, subscription.id, { description: 'ours' });
    const changed = await patch(ENVIRONMENT, subscription.id, {
      events: ['test'],
      description: null,
    });
    expect(changed).toMatchObject({ url: subscription.url, events: ['test'], version: 3 });
    expect(changed).not.toHaveProperty('description');
  });

  it('refuse a change on a version that is not theirs any more', async () => {
    const world = createWebhookWorld();
    const { subscription } = await subscribe(world);
    await world.subscriptions.patch(ENVIRONMENT, subscription.id, { events: ['test'] });
    const late = world.subscriptions.patch(ENVIRONMENT, subscription.id, { events: ['*'] }, 1);
    await expect(late).rejects.toThrow(ConditionFailedError);
  });

  it('refuse an insecure target also when changed', async () => {
    const world = createWebhookWorld();
    const { subscription } = await subscribe(world);
    const change = { url: 'http://hooks.operator.com/' };
    await expect(
      world.subscriptions.patch(ENVIRONMENT, subscription.id, change),
    ).rejects.toMatchObject({ code: 'insecure_url' });
  });

  it('are gone once deleted, and cannot be changed then', async () => {
    const world = createWebhookWorld();
    const { subscription } = await subscribe(world);
    await world.subscriptions.delete(ENVIRONMENT, subscription.id);
    for (const late of [
      world.subscriptions.get(ENVIRONMENT, subscription.id),
      world.subscriptions.delete(ENVIRONMENT, subscription.id),
      world.subscriptions.enable(ENVIRONMENT, subscription.id),
    ]) {
      await expect(late).rejects.toThrow(NotFoundError);
    }
  });
});

describe('the health of a receiver', () => {
  const HOUR_MS = 3_600_000;

  it('ends it after a day of failures, and tells the others', async () => {
    const world = createWebhookWorld();
    const { subscription } = await subscribe(world);
    const { subscription: other } = await subscribe(world, ['webhook_subscription:*'], 'other');
    const disabled: boolean[] = [];
    for (let hour = 0; hour <= 24; hour += 4) {
      const current = await world.subscriptions.get(ENVIRONMENT, subscription.id);
      disabled.push(await world.health.note(current, { ok: false, gone: false }));
      world.clock.advance(4 * HOUR_MS);
    }
    expect(disabled).toEqual([false, false, false, false, false, false, true]);
    expect(await world.subscriptions.get(ENVIRONMENT, subscription.id)).toMatchObject({
      status: 'disabled',
      disabledReason: 'failing',
    });
    expect(world.queue.map(({ message }) => [message.event_type, message.subscription_id])).toEqual(
      [['webhook_subscription:disabled', other.id]],
    );
  });

  it('starts the clock again with a success', async () => {
    const world = createWebhookWorld();
    const { subscription } = await subscribe(world);
    await world.health.note(subscription, { ok: false, gone: false });
    const failing = await world.subscriptions.get(ENVIRONMENT, subscription.id);
    await world.health.note(failing, { ok: true, gone: false });
    expect(await world.subscriptions.get(ENVIRONMENT, subscription.id)).toMatchObject({
      failures: 0,
    });
  });

  it('is forgotten when the subscription is enabled again', async () => {
    const world = createWebhookWorld();
    const { subscription } = await subscribe(world);
    await world.health.note(subscription, { ok: false, gone: true });
    expect(await world.subscriptions.enable(ENVIRONMENT, subscription.id)).toMatchObject({
      status: 'enabled',
      failures: 0,
    });
  });
});
