/** A bucket in memory that obeys the same contract test as S3. */
import type { PayloadStore } from '#shared/claim-check/payload-store.ts';

export function createMemoryPayloadStore(): PayloadStore & {
  readonly objects: Map<string, Uint8Array>;
} {
  const objects = new Map<string, Uint8Array>();
  return {
    objects,
    async put(objectKey, ciphertext) {
      objects.set(objectKey, Uint8Array.from(ciphertext));
    },
    async get(objectKey) {
      return objects.get(objectKey);
    },
    async delete(objectKeys) {
      for (const key of objectKeys) objects.delete(key);
    },
    async *list(prefix) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
      for (let start = 0; start < keys.length; start += 2) yield keys.slice(start, start + 2);
    },
  };
}
