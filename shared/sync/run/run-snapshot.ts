/**
 * What a run was started with: the job as it was then, and the caller's `args`. A job that is
 * changed or deleted in the middle of a run does not change the run.
 *
 * Shape   `RUN#r / JOB`, beside the state so that commits stay small; `args` are sealed, for a
 *         caller may put a customer's values into them
 */
import * as z from 'zod';
import { runKey } from '../../aws/keys.ts';
import type { Table } from '../../aws/table.ts';
import type { SealContext, Sealer } from '../../encryption/sealer.ts';
import type { RunId } from '../../kernel/id.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { Transient } from '../../kernel/transient.ts';
import { type SyncJobSpec, syncJobBody } from '../job/sync-job.ts';
import type { SyncRun } from './sync-run.ts';

export interface RunSnapshot {
  readonly spec: SyncJobSpec;
  /** Sealed; open them with {@link RunSnapshotStore.openArgs}. */
  readonly sealedArgs?: unknown;
}

type Owner = Pick<SyncRun, 'id' | 'environmentId' | 'tenantId'>;

export interface RunSnapshotStore {
  put(run: Owner, spec: SyncJobSpec, args: JsonObject): Promise<void>;
  /** Undefined once the run is closed. */
  read(run: Pick<SyncRun, 'id'>): Promise<RunSnapshot | undefined>;
  openArgs(run: Owner, snapshot: RunSnapshot): Promise<Transient<JsonObject>>;
  delete(runId: RunId): Promise<void>;
}

const item = z.object({ spec: z.string(), args: z.unknown().optional() });

export function createRunSnapshotStore(deps: {
  readonly table: Table;
  readonly sealer: Sealer;
}): RunSnapshotStore {
  const { table, sealer } = deps;
  return {
    async put(run, spec, args) {
      const bytes = Buffer.from(JSON.stringify(args));
      const isEmpty = Object.keys(args).length === 0;
      const sealed = isEmpty ? undefined : await sealer.seal(bytes, cursorContext(run));
      await table.put({ ...keyOf(run.id), spec: JSON.stringify(spec), args: sealed });
    },
    async read({ id }) {
      const stored = await table.get(keyOf(id));
      if (!stored) return undefined;
      const { spec, args } = item.parse(stored);
      return { spec: syncJobBody.parse(JSON.parse(spec)), sealedArgs: args };
    },
    async openArgs(run, { sealedArgs }) {
      if (sealedArgs === undefined) return Transient.of({});
      const bytes = await sealer.open(sealedArgs, cursorContext(run));
      const args: unknown = JSON.parse(bytes.toString());
      return Transient.of(isJsonObject(args) ? args : {});
    },
    delete: (runId) => table.delete(keyOf(runId)),
  };
}

/** What a run seals is sealed for the tenant whose data it moves. */
export function cursorContext({ id, environmentId, tenantId }: Owner): SealContext {
  return { environmentId, ownerId: tenantId, purpose: 'cursor', subject: id };
}

function keyOf(runId: RunId) {
  return { ...runKey(runId), sk: 'JOB' };
}
