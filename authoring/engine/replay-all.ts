/** All fixtures of a folder, replayed. */

import type { NamedFixture } from '../fixtures/read-fixtures.ts';
import type { OpenedFolder } from '../open-folder.ts';
import { type Replay, replayFixture } from './replay.ts';

export interface ReplayedFixture extends NamedFixture {
  readonly replay: Replay;
}

/** None where the integration itself has a fault. */
export async function replayAll(opened: OpenedFolder): Promise<readonly ReplayedFixture[]> {
  const { integration, name, fixtures } = opened;
  if (!integration) return [];
  const replayed: ReplayedFixture[] = [];
  for (const one of fixtures) {
    const replay = await replayFixture(integration.catalogue, name, one.fixture);
    replayed.push({ ...one, replay });
  }
  return replayed;
}
