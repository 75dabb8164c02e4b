import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataDirInUseError, holdLock, openDataDir } from '../../local/data-dir.ts';
import { writeFileAtomically } from '../../local/files.ts';
import { openStackIdentity } from '../../local/provision/identity.ts';

const random = { bytes: (length: number) => Buffer.alloc(length, 0xab), integer: () => 0 };

describe('the data directory', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-data-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made where it is missing, for its owner only', () => {
    const dataDir = openDataDir(join(folder, 'new', 'dir'));
    expect(statSync(dataDir.path).mode & 0o777).toBe(0o700);
    dataDir.release();
  });

  it('refuses a second runtime, and lets it in when the first is gone', () => {
    const first = openDataDir(folder);
    expect(() => openDataDir(folder)).toThrow(DataDirInUseError);
    first.release();
    openDataDir(folder).release();
  });

  it('holds a lock against waiting, too', () => {
    const release = holdLock(join(folder, 'lock'));
    expect(holdLock(join(folder, 'lock'), 5)).toBeUndefined();
    release?.();
  });

  it('writes files whole, readable by the owner only', () => {
    const path = join(folder, 'keys.json');
    writeFileSync(path, 'before');
    writeFileAtomically(path, 'after');
    expect(readFileSync(path, 'utf8')).toBe('after');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(existsSync(`${path}.${process.pid}.tmp`)).toBe(false);
  });

  it('gives the same names on every start', () => {
    const first = openStackIdentity(folder, 'Millrace', random);
    first.rememberKey('Kek', 'key-1');
    const again = openStackIdentity(folder, 'Millrace', {
      ...random,
      bytes: () => Buffer.from('x'),
    });
    expect(again.physicalName('Queue', 80)).toBe('Millrace-Queue-abababababab');
    expect(again.keyId('Kek')).toBe('key-1');
  });

  it('cuts names to the limit of their service, never their suffix', () => {
    const identity = openStackIdentity(folder, 'Millrace', random);
    expect(identity.physicalName('AVeryLongLogicalId', 30)).toBe('Millrace-AVeryLon-abababababab');
  });
});
