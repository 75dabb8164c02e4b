/**
 * Replays every integration's fixtures: what the engine asks of the provider, and what it makes of
 * the answers. How a fixture is written says authoring/fixtures/fixture.ts.
 */
import { replayFixture } from '../../authoring/engine/replay.ts';
import { integrationFolders } from '../support/builders/integration-folders.ts';

const all = integrationFolders.flatMap(({ name: integration, integration: opened, fixtures }) =>
  opened ? fixtures.map(({ name, fixture }) => ({ integration, opened, file: name, fixture })) : [],
);

describe.each(integrationFolders.map((folder) => [folder.name, folder] as const))(
  '%s',
  (_name, { faults, integration, fixtures }) => {
    it('has no faults', () => {
      expect(faults).toEqual([]);
    });

    it('has a fixture for every list of a unified model', () => {
      const mapped = (integration?.mappings ?? []).map(
        ({ source }) => `${source.model}/${source.resource}`,
      );
      const shown = fixtures
        .filter(({ fixture }) => fixture.expect.records !== undefined)
        .map(({ fixture }) => fixture.resource);

      expect(mapped.filter((resource) => !shown.includes(resource))).toEqual([]);
    });

    it('can verify an account', () => {
      expect(integration?.compiled.verify).not.toEqual([]);
    });
  },
);

describe.each(all)('$integration: $file', ({ integration, opened, fixture }) => {
  it('asks what the provider expects and yields what is promised', async () => {
    const { complaints } = await replayFixture(opened.catalogue, integration, fixture);

    expect(complaints).toEqual([]);
  });
});
