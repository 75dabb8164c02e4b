import { isPlayed, listsOf } from '../../../../authoring/conformance/list-under-test.ts';
import { type ReplayedFixture, replayAll } from '../../../../authoring/engine/replay-all.ts';
import { openFolder } from '../../../../authoring/open-folder.ts';
import { aNewIntegration } from '../../../support/builders/authored-integration.ts';

/** The same list with one page more, which is answered by an error that is no error. */
function withRefusedPage({ fixture, replay, ...rest }: ReplayedFixture): ReplayedFixture {
  const [first] = fixture.exchanges;
  const refused = { ...first!, answer: { status: 404, headers: {} } };
  return {
    ...rest,
    fixture: { ...fixture, exchanges: [...fixture.exchanges, refused] },
    replay: { ...replay, operations: [...replay.operations, ...replay.operations.slice(0, 1)] },
  };
}

it('a list is played by a fixture whose answers are good, where there is one', async () => {
  const folder = openFolder(aNewIntegration({}));
  const replayed = await replayAll(folder);
  const listing = replayed.find(({ fixture }) => (fixture.expect.records?.length ?? 0) > 0)!;

  const [both] = await listsOf(folder.integration!, [withRefusedPage(listing), listing]);
  const [alone] = await listsOf(folder.integration!, [withRefusedPage(listing)]);

  const pagesOf = (list: typeof both) => list && isPlayed(list) && list.pages.length;
  expect(pagesOf(both)).toBe(listing.replay.operations.length);
  expect(pagesOf(alone)).toBe(listing.replay.operations.length + 1);
});
