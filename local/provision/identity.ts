/**
 * What a stack must remember between starts, because the endpoint chose it or because it must be
 * unique: the suffix of every physical name, and the ids of keys.
 *
 * Shape   `stack.json` in the data directory: `{ suffix, keyIds: { <logical id>: <key id> } }`
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Random } from '#shared/kernel/random.ts';
import { writeFileAtomically } from '../files.ts';

const fileSchema = z.object({
  suffix: z.string().min(1),
  keyIds: z.record(z.string(), z.string()),
});

export interface StackIdentity {
  /** A name of at most `limit` characters, the same on every start. */
  physicalName(logicalId: string, limit: number): string;
  keyId(logicalId: string): string | undefined;
  rememberKey(logicalId: string, keyId: string): void;
}

export function openStackIdentity(
  dataDir: string,
  stackName: string,
  random: Random,
): StackIdentity {
  const path = join(dataDir, 'stack.json');
  const stored = existsSync(path)
    ? fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
    : { suffix: random.bytes(6).toString('hex'), keyIds: {} };
  const keyIds = new Map(Object.entries(stored.keyIds));
  const save = (): void => {
    const content = { suffix: stored.suffix, keyIds: Object.fromEntries(keyIds) };
    writeFileAtomically(path, `${JSON.stringify(content, null, 2)}\n`);
  };
  save();
  return {
    physicalName(logicalId, limit) {
      const rest = limit - stackName.length - stored.suffix.length - 2;
      return `${stackName}-${logicalId.slice(0, rest)}-${stored.suffix}`;
    },
    keyId: (logicalId) => keyIds.get(logicalId),
    rememberKey(logicalId, keyId) {
      keyIds.set(logicalId, keyId);
      save();
    },
  };
}
