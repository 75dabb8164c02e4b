/** How the body of an answer is read, where it is not JSON: see schema/decode.ts. */
export interface Decode {
  readonly format: 'json' | 'jsonl' | 'csv' | 'lines' | 'xml' | 'text';
  /** Of the body itself, besides Content-Encoding. */
  readonly compression: 'gzip' | 'zip' | undefined;
  /** Of csv. */
  readonly delimiter: string;
  /** Of csv: whether `"` quotes values. */
  readonly quotes: boolean;
  /** Elements of xml that are lists even where there is one. */
  readonly lists: ReadonlySet<string>;
}
