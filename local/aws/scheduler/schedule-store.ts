/** Groups, schedules and firings under way, in `schedules.db`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { openDatabase, transact } from '../database.ts';
import { type Firing, type Schedule, scheduleSchema } from './schedule.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS schedule_group (name TEXT PRIMARY KEY, created_at_ms INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS schedule (
    group_name TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL, modified_at_ms INTEGER NOT NULL, anchor_ms INTEGER NOT NULL, last_due_at_ms INTEGER,
    PRIMARY KEY (group_name, name)
  );
  CREATE TABLE IF NOT EXISTS firing (
    execution_id TEXT PRIMARY KEY, next_attempt_at_ms INTEGER NOT NULL, content TEXT NOT NULL
  );
`;

const rowSchema = z
  .object({
    group_name: z.string(),
    name: z.string(),
    definition: z.string().transform((text) => scheduleSchema.parse(JSON.parse(text))),
    created_at_ms: z.number(),
    modified_at_ms: z.number(),
    anchor_ms: z.number(),
    last_due_at_ms: z.number().nullable(),
  })
  .transform(
    (row): Schedule => ({
      group: row.group_name,
      name: row.name,
      definition: row.definition,
      createdAtMs: row.created_at_ms,
      modifiedAtMs: row.modified_at_ms,
      anchorMs: row.anchor_ms,
      lastDueAtMs: row.last_due_at_ms ?? undefined,
    }),
  );

const firingSchema = z.object({
  executionId: z.string(),
  scheduleArn: z.string(),
  group: z.string(),
  target: scheduleSchema.shape.Target,
  dueAtMs: z.number(),
  attempts: z.number(),
  nextAttemptAtMs: z.number(),
});

const groupSchema = z.object({ name: z.string(), created_at_ms: z.number() });

export interface ScheduleGroup {
  readonly name: string;
  readonly createdAtMs: number;
}

export class ScheduleStore {
  readonly #database: DatabaseSync;

  constructor(folder: string, nowMs: number) {
    mkdirSync(folder, { recursive: true });
    this.#database = openDatabase(join(folder, 'schedules.db'), SCHEMA);
    this.#database
      .prepare('INSERT OR IGNORE INTO schedule_group VALUES (?, ?)')
      .run('default', nowMs);
  }

  groups(): readonly ScheduleGroup[] {
    const rows = this.#database.prepare('SELECT * FROM schedule_group ORDER BY name').all();
    return z
      .array(groupSchema)
      .parse(rows)
      .map((row) => ({ name: row.name, createdAtMs: row.created_at_ms }));
  }

  putGroup(name: string, nowMs: number): void {
    this.#database.prepare('INSERT INTO schedule_group VALUES (?, ?)').run(name, nowMs);
  }

  /** The group with all its schedules. */
  deleteGroup(name: string): void {
    transact(this.#database, () => {
      this.#database.prepare('DELETE FROM schedule WHERE group_name = ?').run(name);
      this.#database.prepare('DELETE FROM schedule_group WHERE name = ?').run(name);
    });
  }

  schedules(): readonly Schedule[] {
    return z
      .array(rowSchema)
      .parse(this.#database.prepare('SELECT * FROM schedule ORDER BY group_name, name').all());
  }

  schedule(group: string, name: string): Schedule | undefined {
    const row = this.#database
      .prepare('SELECT * FROM schedule WHERE group_name = ? AND name = ?')
      .get(group, name);
    return row && rowSchema.parse(row);
  }

  put(schedule: Schedule): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO schedule VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(
        schedule.group,
        schedule.name,
        JSON.stringify(schedule.definition),
        schedule.createdAtMs,
        schedule.modifiedAtMs,
        schedule.anchorMs,
        schedule.lastDueAtMs ?? null,
      );
  }

  delete(group: string, name: string): void {
    this.#database
      .prepare('DELETE FROM schedule WHERE group_name = ? AND name = ?')
      .run(group, name);
  }

  /** Records in one step that the schedule was due and that its firing is on the way. */
  fire(schedule: Schedule, firing: Firing): void {
    transact(this.#database, () => {
      this.put(schedule);
      this.putFiring(firing);
    });
  }

  putFiring(firing: Firing): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO firing VALUES (?, ?, ?)')
      .run(firing.executionId, firing.nextAttemptAtMs, JSON.stringify(firing));
  }

  firings(): readonly Firing[] {
    const rows = this.#database
      .prepare('SELECT content FROM firing ORDER BY next_attempt_at_ms')
      .all();
    return rows.map((row) => firingSchema.parse(JSON.parse(String(row['content']))));
  }

  deleteFiring(executionId: string): void {
    this.#database.prepare('DELETE FROM firing WHERE execution_id = ?').run(executionId);
  }

  close(): void {
    this.#database.close();
  }
}
