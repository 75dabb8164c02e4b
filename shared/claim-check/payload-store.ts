/** Where checked-in payloads lie while their tickets travel. Sees ciphertext only. */
export interface PayloadStore {
  put(objectKey: string, ciphertext: Uint8Array): Promise<void>;
  /** Undefined where there is no such object. */
  get(objectKey: string): Promise<Uint8Array | undefined>;
  /** Nothing happens for keys that are not there. */
  delete(objectKeys: readonly string[]): Promise<void>;
  /** Keys that start with `prefix`, in order, page after page. */
  list(prefix: string): AsyncIterable<readonly string[]>;
}
