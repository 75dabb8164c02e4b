import { makeKeyText, readKeyText, sameSecret } from '#shared/access/api-key.ts';
import type { StoredApiKey } from '#shared/access/api-key-store.ts';
import { createAuthenticate } from '#shared/access/authenticate.ts';
import { brandId } from '#shared/kernel/id.ts';
import { systemRandom } from '#shared/kernel/random.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';

const ID = brandId<'key'>('key_01ARZ3NDEKTSV4RRFFQ69G5FAV');

describe('the text of an API key', () => {
  it('carries its id and 256 bits of secret', () => {
    const { text } = makeKeyText(ID, systemRandom);

    expect(text).toMatch(/^mr_key_01ARZ3NDEKTSV4RRFFQ69G5FAV_[A-Za-z0-9_-]{43}$/);
  });

  it('is known again by the hash that was kept', () => {
    const { text, secretHash } = makeKeyText(ID, systemRandom);

    const presented = readKeyText(text)!;

    expect(presented.id).toBe(ID);
    expect(sameSecret(presented, secretHash)).toBe(true);
  });

  it('is kept as the SHA-256 of its secret', () => {
    const random = { ...systemRandom, bytes: () => Buffer.alloc(32) };

    const { secretHash } = makeKeyText(ID, random);

    // printf 'A%.0s' {1..43} | sha256sum
    expect(secretHash.toString('hex')).toBe(
      '0f007385b6f9d4b7eeb2748605afe1a984a0a3bfa3f014d09e2a784ce9e5cd1a',
    );
  });

  it.each([
    '',
    'mr_',
    'mr_key_01ARZ3NDEKTSV4RRFFQ69G5FAV_short',
    `mr_key_01ARZ3NDEKTSV4RRFFQ69G5FAV_${'a'.repeat(44)}`,
    `xx_key_01ARZ3NDEKTSV4RRFFQ69G5FAV_${'a'.repeat(43)}`,
    `mr_key_01ARZ3NDEKTSV4RRFFQ69G5FAV#META_${'a'.repeat(43)}`,
  ])('is refused as %j', (text) => {
    expect(readKeyText(text)).toBeUndefined();
  });
});

describe('authentication', () => {
  function aWorld(apiKey?: StoredApiKey) {
    const clock = new VirtualClock();
    let reads = 0;
    const stored = new Map(apiKey ? [[apiKey.id, apiKey]] : []);
    const find = async (id: typeof ID) => {
      reads += 1;
      return stored.get(id);
    };
    return {
      clock,
      stored,
      reads: () => reads,
      authenticate: createAuthenticate({ apiKeys: { find }, clock }),
    };
  }
  function aKey() {
    const { text, secretHash } = makeKeyText(ID, systemRandom);
    const apiKey: StoredApiKey = {
      id: ID,
      environmentId: brandId<'env'>('env_1'),
      scopes: ['read', 'sync'],
      createdAtMs: 0,
      secretHash,
    };
    return { text, apiKey };
  }

  it('says whose key it is and what it may', async () => {
    const { text, apiKey } = aKey();

    expect(await aWorld(apiKey).authenticate(text)).toEqual({
      environmentId: 'env_1',
      apiKeyId: ID,
      scopes: ['read', 'sync'],
    });
  });

  it('refuses a wrong secret for a known id', async () => {
    const { apiKey } = aKey();

    expect(await aWorld(apiKey).authenticate(aKey().text)).toBeUndefined();
  });

  it('reads nothing for a text that is no key', async () => {
    const world = aWorld();

    expect(await world.authenticate('nonsense')).toBeUndefined();
    expect(world.reads()).toBe(0);
  });

  it('remembers a key for 60 seconds and no longer', async () => {
    const { text, apiKey } = aKey();
    const world = aWorld(apiKey);
    await world.authenticate(text);
    world.stored.clear();
    world.clock.advance(59_999);
    expect(await world.authenticate(text)).toBeDefined();

    world.clock.advance(1);

    expect(await world.authenticate(text)).toBeUndefined();
  });

  it('does not remember that a key was unknown', async () => {
    const { text, apiKey } = aKey();
    const world = aWorld();
    expect(await world.authenticate(text)).toBeUndefined();

    world.stored.set(ID, apiKey);

    expect(await world.authenticate(text)).toBeDefined();
  });
});
