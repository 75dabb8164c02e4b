/**
 * Looks for markers in everything that a run of Millrace left on disk: every byte of every file, and
 * what the embedded stores would answer if asked (their files are compressed, so bytes alone could
 * hide a value).
 *
 * A marker is sought as it is, in base64 at each alignment, in hex, and percent-encoded.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';

export interface Finding {
  readonly place: string;
  readonly marker: string;
  readonly spelling: string;
}

export interface ScanReport {
  readonly files: number;
  readonly bytes: number;
  readonly rows: number;
  readonly findings: readonly Finding[];
}

export async function scanForMarkers(
  folder: string,
  markers: readonly string[],
): Promise<ScanReport> {
  const needles = markers.flatMap(spellingsOf);
  const findings: Finding[] = [];
  let bytes = 0;
  let rows = 0;
  const files = listFiles(folder);
  for (const file of files) {
    const content = readFileSync(file);
    bytes += content.length;
    const place = relative(folder, file);
    seek(content, place, needles, findings);
    if (content.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) {
      seek(gunzipSync(content), `${place} (unzipped)`, needles, findings);
    }
    if (content.subarray(0, 15).toString() === 'SQLite format 3') {
      rows += scanSqlite(file, place, needles, findings);
    }
  }
  for (const store of files.filter((file) => file.endsWith('/CURRENT'))) {
    rows += await scanLevel(
      join(store, '..'),
      relative(folder, join(store, '..')),
      needles,
      findings,
    );
  }
  return { files: files.length, bytes, rows, findings };
}

interface Needle {
  readonly marker: string;
  readonly spelling: string;
  readonly bytes: Buffer;
}

function spellingsOf(marker: string): readonly Needle[] {
  const raw = Buffer.from(marker);
  const needle = (spelling: string, text: string): Needle => ({
    marker,
    spelling,
    bytes: Buffer.from(text),
  });
  const base64 = [0, 1, 2].map((shift) => {
    // Whole groups of three bytes keep their spelling whatever stands before and after them.
    const from = (3 - shift) % 3;
    const whole = raw.subarray(from, raw.length - ((raw.length - from) % 3));
    return needle(`base64+${shift}`, whole.toString('base64'));
  });
  const utf16 = { marker, spelling: 'utf-16', bytes: Buffer.from(marker, 'utf16le') };
  return [needle('plain', marker), needle('hex', raw.toString('hex')), utf16, ...base64];
}

function seek(
  content: Buffer,
  place: string,
  needles: readonly Needle[],
  findings: Finding[],
): void {
  for (const { marker, spelling, bytes } of needles) {
    if (content.includes(bytes)) findings.push({ place, marker, spelling });
  }
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

function scanSqlite(
  file: string,
  place: string,
  needles: readonly Needle[],
  findings: Finding[],
): number {
  const database = new DatabaseSync(file, { readOnly: true });
  let rows = 0;
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  for (const { name } of tables) {
    for (const row of database.prepare(`SELECT * FROM "${name}"`).iterate()) {
      rows += 1;
      for (const value of Object.values(row)) {
        seek(
          Buffer.from(value instanceof Uint8Array ? value : String(value)),
          `${place} table ${name}`,
          needles,
          findings,
        );
      }
    }
  }
  database.close();
  return rows;
}

/** LevelDB, through the package that the embedded DynamoDB uses. The runtime must have ended. */
async function scanLevel(
  folder: string,
  place: string,
  needles: readonly Needle[],
  findings: Finding[],
): Promise<number> {
  const { ClassicLevel } = await import('classic-level');
  const level = new ClassicLevel<Buffer, Buffer>(folder, {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
  });
  let rows = 0;
  for await (const [key, value] of level.iterator()) {
    rows += 1;
    seek(Buffer.concat([key, value]), `${place} (rows)`, needles, findings);
  }
  await level.close();
  return rows;
}
