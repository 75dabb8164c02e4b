/** The sandbox provider beside the headless runtime, on the same port after a restart. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from './files.ts';
import { startSandbox } from './sandbox/provider.ts';

export interface OpenSandbox {
  readonly url: string;
  close(): Promise<void>;
}

/** Accounts hold the sandbox's URL, so a restart must find it where it was. */
export async function openSandbox(dataDir: string): Promise<OpenSandbox> {
  const file = join(dataDir, 'sandbox-port');
  const port = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const sandbox = await startSandbox({ port });
  writeFileAtomically(file, new URL(sandbox.url).port);
  return sandbox;
}
