/**
 * A sync run on a terminal: one row per resource with what it fetched, emitted and could not, its
 * rate and the time it took. Without a terminal, a line whenever something changed.
 */
import { Listr, type ListrTask } from 'listr2';
import type { SyncRun } from '../client/millrace-client.ts';

const POLL_MS = 200;
const FINAL = new Set(['completed', 'failed', 'cancelled']);

export interface ProgressOptions {
  readonly resources: readonly string[];
  readonly poll: () => Promise<SyncRun>;
  readonly isTerminal: boolean;
  readonly print: (line: string) => void;
}

/** Resolves with the run once it has ended, however it ended. */
export async function followRun(options: ProgressOptions): Promise<SyncRun> {
  return options.isTerminal ? followOnTerminal(options) : followInLines(options);
}

export function describeResource(run: SyncRun, resource: string, elapsedMs: number): string {
  const { fetched = 0, emitted = 0, errored = 0 } = run.resources[resource] ?? {};
  const seconds = elapsedMs / 1_000;
  const rate = seconds > 0 ? Math.round(emitted / seconds) : 0;
  const waits = describeWait(run);
  return (
    `${resource.padEnd(24)} fetched ${fetched}  emitted ${emitted}  errored ${errored}` +
    `  ${rate}/s  ${seconds.toFixed(1)} s${waits}`
  );
}

function describeWait({ status, resume_at: resumeAt }: SyncRun): string {
  if (status === 'rate_limited') return ' · waiting for the provider';
  return resumeAt === null ? '' : ' · waiting to try again';
}

async function followOnTerminal({ resources, poll }: ProgressOptions): Promise<SyncRun> {
  const startedAtMs = Date.now();
  const ended = pollUntilEnd(poll, (run) => {
    for (const row of rows) row.show(run, Date.now() - startedAtMs);
  });
  const rows = resources.map((resource) => createRow(resource, ended));
  await new Listr(
    rows.map(({ task }) => task),
    { concurrent: true, exitOnError: false, rendererOptions: { collapseErrors: true } },
  ).run();
  return ended;
}

function createRow(resource: string, ended: Promise<SyncRun>) {
  let setTitle: (title: string) => void = () => undefined;
  const task: ListrTask = {
    title: resource,
    task: async (_context, handle) => {
      setTitle = (title) => {
        handle.title = title;
      };
      const run = await ended;
      if (run.status !== 'completed') throw new Error(`${handle.title} · ${run.status}`);
    },
  };
  return {
    task,
    show: (run: SyncRun, elapsedMs: number) => setTitle(describeResource(run, resource, elapsedMs)),
  };
}

async function followInLines({ resources, poll, print }: ProgressOptions): Promise<SyncRun> {
  const startedAtMs = Date.now();
  const printed = new Map<string, string>();
  return pollUntilEnd(poll, (run) => {
    for (const resource of resources) {
      const counts = JSON.stringify(run.resources[resource] ?? {});
      if (printed.get(resource) === counts) continue;
      printed.set(resource, counts);
      print(describeResource(run, resource, Date.now() - startedAtMs));
    }
  });
}

async function pollUntilEnd(
  poll: () => Promise<SyncRun>,
  show: (run: SyncRun) => void,
): Promise<SyncRun> {
  for (;;) {
    const run = await poll();
    show(run);
    if (FINAL.has(run.status)) return run;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
