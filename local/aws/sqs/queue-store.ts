/**
 * Queues and messages in `queues.db`. A deleted message is overwritten on the disk; one that is
 * received, returned or moved to the dead letters changes place in one transaction.
 *
 * A message older than its queue's retention is never handed out, and {@link QueueStore.expire}
 * deletes it. Dead letters keep the age they had, as on AWS.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase, transact } from '../database.ts';
import { type Message, numberOf, type Queue, redriveOf } from './queue.ts';
import { parseMessages, parseQueues } from './queue-rows.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS queue (
    name TEXT PRIMARY KEY, attributes TEXT NOT NULL, tags TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL, modified_at_ms INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS message (
    message_id TEXT PRIMARY KEY, queue TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL,
    group_id TEXT, sent_at_ms INTEGER NOT NULL, visible_at_ms INTEGER NOT NULL,
    receive_count INTEGER NOT NULL, first_received_at_ms INTEGER, receipt_handle TEXT
  );
  CREATE INDEX IF NOT EXISTS message_visible ON message (queue, visible_at_ms);
  CREATE INDEX IF NOT EXISTS message_receipt ON message (receipt_handle);
`;

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** What one receive takes, and when. */
export interface Take {
  readonly atMs: number;
  readonly limit: number;
  readonly hiddenMs: number;
  readonly newReceiptHandle: () => string;
}

export class QueueStore {
  readonly #database: DatabaseSync;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#database = openDatabase(join(folder, 'queues.db'), SCHEMA);
  }

  queues(): readonly Queue[] {
    return parseQueues(this.#database.prepare('SELECT * FROM queue ORDER BY name').all());
  }

  queue(name: string): Queue | undefined {
    const row = this.#database.prepare('SELECT * FROM queue WHERE name = ?').get(name);
    return row && parseQueues([row])[0];
  }

  putQueue(queue: Queue): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO queue VALUES (?, ?, ?, ?, ?)')
      .run(
        queue.name,
        JSON.stringify(queue.attributes),
        JSON.stringify(queue.tags),
        queue.createdAtMs,
        queue.modifiedAtMs,
      );
  }

  deleteQueue(name: string): void {
    transact(this.#database, () => {
      this.purge(name);
      this.#database.prepare('DELETE FROM queue WHERE name = ?').run(name);
    });
  }

  purge(name: string): void {
    this.#database.prepare('DELETE FROM message WHERE queue = ?').run(name);
  }

  put(message: Message): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        message.messageId,
        message.queue,
        message.body,
        message.attributes,
        message.groupId ?? null,
        message.sentAtMs,
        message.visibleAtMs,
        message.receiveCount,
        message.firstReceivedAtMs ?? null,
        message.receiptHandle ?? null,
      );
  }

  putAll(messages: readonly Message[]): void {
    transact(this.#database, () => {
      for (const message of messages) this.put(message);
    });
  }

  /** Hands out visible messages, the oldest first; those received too often become dead letters. */
  take(queue: Queue, take: Take): readonly Message[] {
    const rows = this.#database
      .prepare(
        'SELECT * FROM message WHERE queue = ? AND visible_at_ms <= ? AND sent_at_ms > ? ORDER BY sent_at_ms, rowid LIMIT 100',
      )
      .all(queue.name, take.atMs, take.atMs - numberOf(queue, 'MessageRetentionPeriod') * 1000);
    if (rows.length === 0) return [];
    return transact(this.#database, () => this.#handOut(queue, parseMessages(rows), take));
  }

  #handOut(queue: Queue, visible: readonly Message[], take: Take): readonly Message[] {
    const redrive = redriveOf(queue);
    const taken: Message[] = [];
    for (const message of visible) {
      if (taken.length === take.limit) break;
      if (redrive && message.receiveCount >= redrive.maxReceives) {
        this.put({
          ...message,
          queue: redrive.deadLetterArn.split(':').at(-1) ?? '',
          receiptHandle: undefined,
        });
        continue;
      }
      const received: Message = {
        ...message,
        visibleAtMs: take.atMs + take.hiddenMs,
        receiveCount: message.receiveCount + 1,
        firstReceivedAtMs: message.firstReceivedAtMs ?? take.atMs,
        receiptHandle: take.newReceiptHandle(),
      };
      this.put(received);
      taken.push(received);
    }
    return taken;
  }

  /** The message that this handle was given out for, unless it was received again since. */
  received(queue: string, receiptHandle: string): Message | undefined {
    const row = this.#database
      .prepare('SELECT * FROM message WHERE receipt_handle = ? AND queue = ?')
      .get(receiptHandle, queue);
    return row && parseMessages([row])[0];
  }

  delete(queue: string, receiptHandle: string): void {
    this.#database
      .prepare('DELETE FROM message WHERE receipt_handle = ? AND queue = ?')
      .run(receiptHandle, queue);
  }

  /** When a hidden message of the queue becomes visible next. */
  nextVisibleAtMs(queue: string, afterMs: number): number | undefined {
    const row = this.#database
      .prepare(
        'SELECT min(visible_at_ms) AS next FROM message WHERE queue = ? AND visible_at_ms > ?',
      )
      .get(queue, afterMs);
    return typeof row?.['next'] === 'number' ? row['next'] : undefined;
  }

  counts(queue: string, atMs: number): QueueCounts {
    const count = (condition: string): number =>
      Number(
        this.#database
          .prepare(`SELECT count(*) AS n FROM message WHERE queue = ? AND ${condition}`)
          .get(queue, atMs)?.['n'],
      );
    return {
      visible: count('visible_at_ms <= ?'),
      inFlight: count('visible_at_ms > ? AND receipt_handle IS NOT NULL'),
      delayed: count('visible_at_ms > ? AND receipt_handle IS NULL'),
    };
  }

  /** Deletes what is older than its queue keeps messages. */
  expire(nowMs: number): number {
    let expired = 0;
    for (const queue of this.queues()) {
      const keptMs = numberOf(queue, 'MessageRetentionPeriod') * 1000;
      const result = this.#database
        .prepare('DELETE FROM message WHERE queue = ? AND sent_at_ms <= ?')
        .run(queue.name, nowMs - keptMs);
      expired += Number(result.changes);
    }
    return expired;
  }

  close(): void {
    this.#database.close();
  }
}
