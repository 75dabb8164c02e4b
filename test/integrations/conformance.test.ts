/**
 * Plays every misbehaviour of cli/authoring/conformance against every list of every integration: in
 * memory, on a clock that jumps.
 */
import { type ConformanceRow, runConformance } from '../../authoring/conformance/run.ts';
import { replayAll } from '../../authoring/engine/replay-all.ts';
import { integrationFolders } from '../support/builders/integration-folders.ts';

const opened = integrationFolders.flatMap((folder) =>
  folder.integration ? [{ name: folder.name, folder, integration: folder.integration }] : [],
);

describe.each(opened)('$name', ({ folder, integration }) => {
  let rows: readonly ConformanceRow[] = [];

  beforeAll(async () => {
    rows = await runConformance(integration, await replayAll(folder));
  });

  it('withstands every misbehaviour', () => {
    const failed = rows
      .filter(({ verdict }) => verdict === 'failed')
      .map((row) => `${row.operation} ${row.misbehaviour} (${row.form}): ${row.detail}`);

    expect(failed).toEqual([]);
  });

  it('has been played against', () => {
    expect(rows.filter(({ verdict }) => verdict === 'held').length).toBeGreaterThan(20);
  });
});
