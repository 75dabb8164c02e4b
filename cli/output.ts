/** What a command prints: one JSON document for machines, or lines for people. */

export interface OutputFlags {
  readonly json?: boolean;
}

export function printResult(flags: OutputFlags, value: unknown, lines: readonly string[]): void {
  if (flags.json) console.log(JSON.stringify(value));
  else for (const line of lines) console.log(line);
}
