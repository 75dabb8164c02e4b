/** Gathers what a held run needs to go on: its job as it was, its account, its place. */
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import type { SealedEnvelope, Sealer } from '../../encryption/sealer.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { AccountId } from '../../kernel/id.ts';
import type { FetchPage } from '../../unified/fetch-page.ts';
import type { SyncJobSpec } from '../job/sync-job.ts';
import { type AccountVerdict, judgeAccount } from '../run/judge-failure.ts';
import { cursorContext, type RunSnapshotStore } from '../run/run-snapshot.ts';
import type { HeldRun } from '../run/run-store.ts';
import { openPosition, type Position, sealPosition } from '../walk/cursor-stack.ts';
import { type RunBatches, runBatches } from '../walk/run-source.ts';

export interface OpenedRun {
  readonly spec: SyncJobSpec;
  /** Name of the integration, for the events. */
  readonly provider: string;
  readonly source: RunBatches;
  readonly seal: (position: Position) => Promise<SealedEnvelope>;
}

/** Undefined where the account is gone. */
export type ReadAccount = (id: AccountId) => Promise<IntegratedAccount | undefined>;

export interface OpenRunDeps {
  readonly snapshots: RunSnapshotStore;
  readonly readAccount: ReadAccount;
  readonly sealer: Sealer;
  readonly fetchPage: FetchPage;
  readonly clock: Clock;
  readonly slowBatchMs: number;
}

/** @throws KeyRevokedError, KeyUnavailableError, EnvelopeTamperedError */
export async function openRun(
  deps: OpenRunDeps,
  { run, cursor }: HeldRun,
): Promise<OpenedRun | { readonly verdict: AccountVerdict }> {
  const [snapshot, account] = await Promise.all([
    deps.snapshots.read(run),
    deps.readAccount(run.accountId),
  ]);
  const verdict = judgeAccount(account);
  if (verdict || !account) return { verdict: verdict ?? { kind: 'pause' } };
  if (!snapshot) return { verdict: { kind: 'fail', error: SNAPSHOT_LOST } };
  const context = cursorContext(run);
  const [args, position] = await Promise.all([
    deps.snapshots.openArgs(run, snapshot),
    openPosition(deps.sealer, cursor, context),
  ]);
  return {
    spec: snapshot.spec,
    provider: account.integration,
    source: runBatches(deps, { run, spec: snapshot.spec, account, args, position }),
    seal: (next) => sealPosition(deps.sealer, next, context),
  };
}

/** Cannot be: it is written before the run is and deleted after its end. */
const SNAPSHOT_LOST = { code: 'internal_error', message: 'the snapshot of the job is gone' };
