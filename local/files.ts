import { renameSync, writeFileSync } from 'node:fs';

/** Whole or not at all, whatever dies in between; readable by the owner only unless told otherwise. */
export function writeFileAtomically(path: string, content: string, mode = 0o600): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content, { mode, flush: true });
  renameSync(temporary, path);
}
