import { keepLayers } from '#shared/mapping/layers/kept-layers.ts';
import type { OverrideOwner } from '#shared/mapping/override-store.ts';

/** Of each owner a document of some 100 characters. */
function kept(mostCharacters: number) {
  const reads: OverrideOwner[] = [];
  const layers = keepLayers({
    mostCharacters,
    clock: { now: () => 0 },
    async read(owner) {
      reads.push(owner);
      const document = { note: 'x'.repeat(89) };
      return { version: 1, document, updatedAtMs: 0 } as never;
    },
  });
  const ask = (id: string) => layers.of('account', { accountId: id as never });
  return { ask, reads };
}

describe('layers that are kept', () => {
  it('are read once', async () => {
    const { ask, reads } = kept(300);
    for (const id of ['a', 'b', 'c', 'a']) await ask(id);

    expect(reads).toHaveLength(3);
  });

  it('give way to newer ones where their documents are too long together', async () => {
    const { ask, reads } = kept(299);
    for (const id of ['a', 'b', 'c', 'b', 'a']) await ask(id);

    expect(reads.map((owner) => 'accountId' in owner && owner.accountId)).toEqual([
      'a',
      'b',
      'c',
      'a',
    ]);
  });
});
