/** What is known of a folder: its faults, what its fixtures show, and what the rules object to. */
import type { FileFault } from '#shared/integration/catalogue/errors.ts';
import { type ConformanceRow, runConformance } from '../conformance/run.ts';
import { replayAll } from '../engine/replay-all.ts';
import { type LintWarning, lintIntegration } from '../lint/lint.ts';
import type { PlayedFixture } from '../lint/rule.ts';
import type { OpenedFolder } from '../open-folder.ts';

export interface TestReport {
  readonly name: string;
  readonly passed: boolean;
  readonly faults: readonly FileFault[];
  readonly fixtures: readonly { readonly file: string; readonly complaints: readonly string[] }[];
  readonly conformance: readonly ConformanceRow[];
}

export interface ValidationReport {
  readonly name: string;
  readonly faults: readonly FileFault[];
  readonly warnings: readonly LintWarning[];
}

export async function validateFolder(opened: OpenedFolder): Promise<ValidationReport> {
  const { name, faults, integration } = opened;
  if (!integration) return { name, faults, warnings: [] };
  const played = (await replayAll(opened)).map(
    ({ replay, ...fixture }): PlayedFixture => ({ ...fixture, operations: replay.operations }),
  );
  return { name, faults, warnings: lintIntegration(integration, played) };
}

/** Fixtures first: what they show is what misbehaviours are made from. */
export async function testFolder(opened: OpenedFolder): Promise<TestReport> {
  const { name, faults, integration } = opened;
  const replayed = await replayAll(opened);
  const conformance = integration ? await runConformance(integration, replayed) : [];
  const fixtures = replayed.map(({ file, replay }) => ({ file, complaints: replay.complaints }));
  const passed =
    faults.length === 0 &&
    fixtures.every(({ complaints }) => complaints.length === 0) &&
    conformance.every(({ verdict }) => verdict !== 'failed');
  return { name, passed, faults, fixtures, conformance };
}
