/** Buckets and objects in `objects.db`. A deleted object's bytes are overwritten on the disk. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { openDatabase, transact } from '../database.ts';
import type { ExpiryRule } from './lifecycle.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS bucket (
    name TEXT PRIMARY KEY, created_at_ms INTEGER NOT NULL, lifecycle_xml TEXT, expiry TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS object (
    bucket TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, headers TEXT NOT NULL,
    etag TEXT NOT NULL, modified_at_ms INTEGER NOT NULL,
    PRIMARY KEY (bucket, key)
  );
`;

const ruleSchema = z.object({ prefix: z.string(), afterMs: z.number() });

const bucketRow = z
  .object({
    name: z.string(),
    created_at_ms: z.number(),
    lifecycle_xml: z.string().nullable(),
    expiry: z.string().transform((text) => z.array(ruleSchema).parse(JSON.parse(text))),
  })
  .transform(
    (row): Bucket => ({
      name: row.name,
      createdAtMs: row.created_at_ms,
      lifecycleXml: row.lifecycle_xml ?? undefined,
      expiry: row.expiry,
    }),
  );

const summaryRow = z
  .object({ key: z.string(), bytes: z.number(), etag: z.string(), modified_at_ms: z.number() })
  .transform(
    (row): ObjectSummary => ({
      key: row.key,
      bytes: row.bytes,
      etag: row.etag,
      modifiedAtMs: row.modified_at_ms,
    }),
  );

const objectRow = z
  .object({
    body: z.custom<Uint8Array>(ArrayBuffer.isView).transform((bytes) => Buffer.from(bytes)),
    headers: z
      .string()
      .transform((text) => z.record(z.string(), z.string()).parse(JSON.parse(text))),
    etag: z.string(),
    modified_at_ms: z.number(),
  })
  .transform(
    (row): StoredObject => ({
      body: row.body,
      headers: row.headers,
      etag: row.etag,
      modifiedAtMs: row.modified_at_ms,
    }),
  );

export interface Bucket {
  readonly name: string;
  readonly createdAtMs: number;
  readonly lifecycleXml: string | undefined;
  readonly expiry: readonly ExpiryRule[];
}

export interface StoredObject {
  readonly body: Buffer;
  /** What a GET answers with: content type, metadata, check sums. */
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
  readonly modifiedAtMs: number;
}

export interface ObjectSummary {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
  readonly modifiedAtMs: number;
}

export class ObjectStore {
  readonly #database: DatabaseSync;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#database = openDatabase(join(folder, 'objects.db'), SCHEMA);
  }

  buckets(): readonly Bucket[] {
    return z
      .array(bucketRow)
      .parse(this.#database.prepare('SELECT * FROM bucket ORDER BY name').all());
  }

  bucket(name: string): Bucket | undefined {
    const row = this.#database.prepare('SELECT * FROM bucket WHERE name = ?').get(name);
    return row && bucketRow.parse(row);
  }

  putBucket(bucket: Bucket): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO bucket VALUES (?, ?, ?, ?)')
      .run(
        bucket.name,
        bucket.createdAtMs,
        bucket.lifecycleXml ?? null,
        JSON.stringify(bucket.expiry),
      );
  }

  deleteBucket(name: string): void {
    this.#database.prepare('DELETE FROM bucket WHERE name = ?').run(name);
  }

  put(bucket: string, key: string, object: StoredObject): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?)')
      .run(
        bucket,
        key,
        object.body,
        JSON.stringify(object.headers),
        object.etag,
        object.modifiedAtMs,
      );
  }

  get(bucket: string, key: string): StoredObject | undefined {
    const row = this.#database
      .prepare('SELECT * FROM object WHERE bucket = ? AND key = ?')
      .get(bucket, key);
    return row && objectRow.parse(row);
  }

  delete(bucket: string, keys: readonly string[]): void {
    transact(this.#database, () => {
      const statement = this.#database.prepare('DELETE FROM object WHERE bucket = ? AND key = ?');
      for (const key of keys) statement.run(bucket, key);
    });
  }

  /** In the order of keys, those after `after` that begin with `prefix`. */
  list(bucket: string, prefix: string, after: string, limit: number): readonly ObjectSummary[] {
    const rows = this.#database
      .prepare(
        `SELECT key, length(body) AS bytes, etag, modified_at_ms FROM object
         WHERE bucket = ? AND key > ? AND substr(key, 1, length(?)) = ? ORDER BY key LIMIT ?`,
      )
      .all(bucket, after, prefix, prefix, limit);
    return z.array(summaryRow).parse(rows);
  }

  /** Deletes what is older than its bucket's lifecycle allows; returns how many. */
  expire(nowMs: number): number {
    const statement = this.#database.prepare(
      'DELETE FROM object WHERE bucket = ? AND substr(key, 1, length(?)) = ? AND modified_at_ms <= ?',
    );
    const rules = this.buckets().flatMap(({ name, expiry }) =>
      expiry.map((rule) => ({ name, ...rule })),
    );
    return rules.reduce(
      (sum, { name, prefix, afterMs }) =>
        sum + Number(statement.run(name, prefix, prefix, nowMs - afterMs).changes),
      0,
    );
  }

  close(): void {
    this.#database.close();
  }
}
