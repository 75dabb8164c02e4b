/** Figures of a bench as they are found, each with its goal where it has one. */
import type { BenchResult } from './bench.ts';

export type Goal = readonly ['≤' | '≥', number];

export class Figures {
  readonly #name: string;
  readonly #figures: Record<string, number | string> = {};
  readonly #goals: Record<string, string> = {};
  #pass = true;

  constructor(name: string) {
    this.#name = name;
  }

  set(name: string, value: number, goal?: Goal): void {
    this.#figures[name] = value;
    if (!goal) return;
    const [sign, limit] = goal;
    this.#goals[name] = `${sign} ${limit}`;
    this.#pass &&= sign === '≤' ? value <= limit : value >= limit;
  }

  /** What was not measured, and why not. */
  note(name: string, reason: string): void {
    this.#figures[name] = reason;
  }

  result(): BenchResult {
    return {
      name: this.#name,
      figures: this.#figures,
      goals: this.#goals,
      pass: this.#pass,
    };
  }
}
