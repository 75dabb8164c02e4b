/** What a command prints: one JSON document for machines, or lines for people. */

export interface OutputFlags {
  readonly json?: boolean;
}

export function printResult(flags: OutputFlags, value: unknown, lines: readonly string[]): void {
  if (flags.json) console.log(JSON.stringify(value));
  else for (const line of lines) console.log(line);
}

/** Columns as wide as their widest cell. */
export function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<readonly number[]>(
    (held, row) => row.map((cell, index) => Math.max(held[index] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
