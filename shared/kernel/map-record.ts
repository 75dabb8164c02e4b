/** A record of the same names, with every value made anew. */
export function mapRecord<Source, Result>(
  sources: Readonly<Record<string, Source>>,
  make: (source: Source, name: string) => Result,
): Readonly<Record<string, Result>> {
  return Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [name, make(source, name)]),
  );
}
