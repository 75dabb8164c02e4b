/** An override's history against a list: whatever is put, deleted and gone back to. */
import fc from 'fast-check';
import { brandId } from '#shared/kernel/id.ts';
import { createOverrides } from '#shared/mapping/change-override.ts';
import { createOverrideStore } from '#shared/mapping/override-store.ts';
import { aMappedCatalogue } from '../../support/builders/a-mapping.ts';
import { createMemoryTable } from '../../support/doubles/memory-table.ts';

type Command =
  | { readonly do: 'put'; readonly text: string }
  | { readonly do: 'delete' }
  | { readonly do: 'roll back'; readonly to: number };

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom('1', '2', '3').map((text): Command => ({ do: 'put', text })),
  fc.constant<Command>({ do: 'delete' }),
  fc.integer({ min: 1, max: 12 }).map((to): Command => ({ do: 'roll back', to })),
);

const contacts = (text: string) => ({
  mappings: { 'crm/contacts': { fields: { first_name: { set: text } } } },
});
const target = { environmentId: brandId<'env'>('env_1'), integration: 'acme' };
const permit = () => undefined;

function anOverride() {
  return createOverrides({
    store: createOverrideStore({ table: createMemoryTable(), clock: { now: () => 0 } }),
    catalogue: aMappedCatalogue(),
    confirm: async () => undefined,
  });
}

type Overrides = ReturnType<typeof anOverride>;

/** The history after a command, or undefined where there is nothing for it to do. */
function expected(history: readonly unknown[], one: Command): readonly unknown[] | undefined {
  if (one.do === 'put') return [...history, contacts(one.text)];
  if (one.do === 'delete') return history.at(-1) ? [...history, undefined] : undefined;
  const earlier = history[one.to - 1];
  return earlier ? [...history, earlier] : undefined;
}

async function play(overrides: Overrides, one: Command): Promise<void> {
  if (one.do === 'put') await overrides.put(target, contacts(one.text), permit);
  else if (one.do === 'delete') await overrides.delete(target, permit);
  else await overrides.rollBack(target, one.to, permit);
}

describe('the versions of an override', () => {
  it('are what was put, one after the other, and going back puts once more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 12 }), async (commands) => {
        const overrides = anOverride();
        let history: readonly unknown[] = [];
        for (const one of commands) {
          const next = expected(history, one);
          const played = play(overrides, one);
          if (next) await played;
          else await expect(played).rejects.toMatchObject({ code: 'not_found' });
          history = next ?? history;
        }

        const versions = (await overrides.versions(target)).toReversed();
        expect(versions.map(({ document }) => document)).toEqual(history);
        expect(versions.map(({ version }) => version)).toEqual(
          history.map((_, index) => index + 1),
        );
        expect((await overrides.read(target))?.document).toEqual(history.at(-1));
      }),
      { numRuns: 60 },
    );
  });
});
