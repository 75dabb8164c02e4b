/** Where time comes from. Passed in everywhere, so that no test sleeps or freezes a global. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds. */
  sleep(ms: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** ISO 8601 UTC with milliseconds, as every wire format of ours writes an instant. */
export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
