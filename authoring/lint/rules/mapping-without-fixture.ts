/** A mapping whose output nobody has written down. */
import type { Finding, LintRule } from '../rule.ts';

export const mappingWithoutFixture: LintRule = {
  code: 'mapping-without-fixture',
  check: ({ mappings, fixtures }) => {
    const shown = new Set(
      fixtures
        .filter(({ fixture: { expect } }) => expect.records ?? expect.record)
        .map(({ fixture }) => fixture.resource),
    );
    return mappings
      .filter(({ source }) => !shown.has(`${source.model}/${source.resource}`))
      .map(({ file }): Finding => ({ file, at: ['fields'], message: 'is shown by no fixture' }));
  },
};
