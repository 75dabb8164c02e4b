/**
 * The folder in which a runtime keeps everything that must outlive it. One runtime at a time.
 *
 * The lock is an operating system's lock on a SQLite file, so that it ends with the process that
 * holds it, however that process ends.
 *
 * Errors  {@link DataDirInUseError}
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export class DataDirInUseError extends Error {
  override readonly name = 'DataDirInUseError';

  constructor(path: string) {
    super(`another local runtime is using the data directory ${path}; stop it, or use another`);
  }
}

export interface DataDir {
  readonly path: string;
  readonly awsDir: string;
  readonly logFile: string;
  readonly keysFile: string;
  readonly catalogueFile: string;
  /** Lets another runtime in. */
  release(): void;
}

/** @throws DataDirInUseError */
export function openDataDir(directory: string): DataDir {
  const path = resolve(directory);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = holdLock(join(path, 'lock'));
  if (!lock) throw new DataDirInUseError(path);
  return {
    path,
    awsDir: join(path, 'aws'),
    logFile: join(path, 'functions.log'),
    keysFile: join(path, 'keys.json'),
    catalogueFile: join(path, 'catalogue.json'),
    release: lock,
  };
}

/** Returns what releases the lock; undefined if another process, or another part of this, has it. */
export function holdLock(path: string, waitMs = 0): (() => void) | undefined {
  const database = new DatabaseSync(path, { timeout: waitMs });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

/** By its shape: an error of a core module is not always of this realm's class. */
function isBusy(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'errcode' in error &&
    error.errcode === SQLITE_BUSY
  );
}

const SQLITE_BUSY = 5;
