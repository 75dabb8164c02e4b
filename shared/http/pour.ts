/**
 * Pours a body into what answers our caller, to the end of either.
 *
 * `stream.pipeline` does the same, and makes an abort signal and an error for every body that ends
 * well, which on the path of every proxied call costs as much as reading the caller's headers; `pipe`
 * listens to everything that is listened to here once more.
 *
 * Errors  what breaks the source or the destination; a destination that closes early
 */
import type { Readable, Writable } from 'node:stream';

/** Resolves when all of `source` is written and `out` has ended. Neither is left open. */
export function pour(source: Readable, out: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      source.destroy();
      out.destroy(error);
      reject(error);
    };
    source.on('error', fail);
    out.on('error', fail);
    out.on('finish', resolve);
    out.on('close', () => {
      if (!out.writableFinished) fail(new Error('the destination closed before the end'));
    });
    // A source that was destroyed before or meanwhile ends without a word.
    source.on('close', () => {
      if (!source.readableEnded) fail(new Error('the source closed before the end'));
    });
    if (source.destroyed || out.destroyed) fail(new Error('one of the two is closed already'));
    else {
      source.on('data', (chunk) => {
        // One that was destroyed tells of it in a moment; writing to it would only fail once more.
        if (!out.destroyed && !out.write(chunk)) source.pause();
      });
      out.on('drain', () => source.resume());
      source.on('end', () => out.end());
    }
  });
}
