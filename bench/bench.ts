/** What a bench gives back: figures by name, and the goal of those that have one. */
export interface BenchResult {
  readonly name: string;
  readonly figures: Readonly<Record<string, number | string>>;
  /** `≥ 50`, `≤ 1.2`: as written in the design's table of goals. */
  readonly goals: Readonly<Record<string, string>>;
  readonly pass: boolean;
}

export interface Bench {
  run(): Promise<BenchResult>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
