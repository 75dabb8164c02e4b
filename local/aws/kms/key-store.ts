/**
 * The keys of the local KMS and their aliases, kept in `kms.json` with every key's material sealed
 * under the root key of `kms.root` (32 bytes, owner-only). Who holds both files holds the keys: this
 * keeps material out of greps and backups of one file, it is no hardware module.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Random } from '#shared/kernel/random.ts';
import { readIfPresent, writeDurably } from '../durable-file.ts';
import { open, seal } from './ciphertext.ts';

const tagSchema = z.object({ TagKey: z.string(), TagValue: z.string() });

const keySchema = z.object({
  keyId: z.string(),
  description: z.string(),
  state: z.enum(['Enabled', 'Disabled', 'PendingDeletion']),
  createdAtMs: z.number(),
  deletionAtMs: z.number().optional(),
  /** Days between automatic rotations; undefined while rotation is off. */
  rotationDays: z.number().optional(),
  rotatedAtMs: z.number(),
  policy: z.string().optional(),
  multiRegion: z.boolean(),
  tags: z.array(tagSchema),
});

const fileSchema = z.object({
  /** Material sealed and in base64, the oldest first: old ciphertexts name theirs by number. */
  keys: z.array(keySchema.extend({ sealedMaterial: z.array(z.string()) })),
  aliases: z.record(z.string(), z.string()),
});

export type Tag = z.output<typeof tagSchema>;

/** A key as kept; `material` holds every generation, the current one last. */
export interface Key extends z.output<typeof keySchema> {
  readonly material: Buffer[];
}

const ROOT_KEY_BYTES = 32;

export class KeyStore {
  readonly keys = new Map<string, Key>();
  /** `alias/name` → key id. */
  readonly aliases = new Map<string, string>();
  readonly #path: string;
  readonly #rootKey: Buffer;
  readonly #random: Random;

  constructor(folder: string, random: Random) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, 'kms.json');
    this.#random = random;
    this.#rootKey = loadRootKey(join(folder, 'kms.root'), random);
    this.#load();
  }

  save(): void {
    const keys = [...this.keys.values()].map(({ material, ...key }) => ({
      ...key,
      sealedMaterial: material.map((generation) =>
        seal(this.#rootKey, generation, Buffer.from(key.keyId), this.#random).toString('base64'),
      ),
    }));
    writeDurably(this.#path, JSON.stringify({ keys, aliases: Object.fromEntries(this.aliases) }));
  }

  #load(): void {
    const content = readIfPresent(this.#path);
    if (!content) return;
    const stored = fileSchema.parse(JSON.parse(content.toString('utf8')));
    for (const { sealedMaterial, ...key } of stored.keys) {
      const material = sealedMaterial.map((sealed) =>
        open(this.#rootKey, Buffer.from(sealed, 'base64'), Buffer.from(key.keyId)),
      );
      this.keys.set(key.keyId, { ...key, material });
    }
    for (const [alias, keyId] of Object.entries(stored.aliases)) this.aliases.set(alias, keyId);
  }
}

function loadRootKey(path: string, random: Random): Buffer {
  const stored = readIfPresent(path);
  if (stored) return stored;
  const made = random.bytes(ROOT_KEY_BYTES);
  writeDurably(path, made);
  return made;
}
