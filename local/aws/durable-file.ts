/**
 * Small files that a `kill -9` leaves either as they were or as they should be: written beside,
 * synced, and renamed over. Owner-only, because some of them hold keys.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';

const OWNER_ONLY = 0o600;

export function writeDurably(path: string, content: string | Buffer): void {
  const draft = `${path}.draft`;
  const file = openSync(draft, 'w', OWNER_ONLY);
  try {
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}

/** The file's bytes, or undefined where there is none. */
export function readIfPresent(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}
