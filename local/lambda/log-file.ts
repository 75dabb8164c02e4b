/**
 * The log of all functions: exactly the lines that CloudWatch would receive, and nothing else.
 *
 * Lines of different functions never mix, because each source is cut at its own line ends.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';

export interface LogFile {
  readonly path: string;
  write(line: string): void;
  /** Appends every line of `source` until it ends. */
  follow(source: Readable): void;
  close(): void;
}

export function openLogFile(path: string): LogFile {
  const file = openSync(path, 'a', 0o600);
  let isOpen = true;
  const append = (text: string): void => {
    if (isOpen && text !== '') writeSync(file, text);
  };
  return {
    path,
    write: (line) => append(`${line}\n`),
    follow(source) {
      let rest = '';
      source.setEncoding('utf8');
      source.on('data', (text: string) => {
        const end = text.lastIndexOf('\n') + 1;
        if (end > 0) append(rest + text.slice(0, end));
        rest = end > 0 ? text.slice(end) : rest + text;
      });
      source.on('close', () => {
        if (rest !== '') append(`${rest}\n`);
      });
    },
    close() {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}
