/**
 * Events as lines of NDJSON, handed from a run to the reader of one HTTP answer.
 *
 * An event counts as taken when the reader comes back for the next line: only then has it written
 * the one before. So a slow reader slows the run down, and nothing piles up.
 */
import type { Transient } from '../../kernel/transient.ts';
import type { FanOut } from '../../webhook/delivery/fan-out.ts';
import { encodeEvent } from '../../webhook/delivery/outbound-event.ts';

export interface LineChannel {
  readonly sink: FanOut;
  /** Ends once {@link finish} was called and the last line was taken. */
  lines(): AsyncGenerator<Transient<Buffer>, void, void>;
  /** No line comes after those that were sent. `error`: for the reader to see. */
  finish(error?: unknown): void;
  /** Nobody reads any more: whatever is sent is refused. */
  isReaderGone(): boolean;
  /** Resolves when that comes to be. */
  readonly readerGone: Promise<void>;
}

interface Waiting {
  readonly line: Transient<Buffer>;
  readonly taken: (outcome: { readonly kind: 'accepted' } | { readonly kind: 'refused' }) => void;
}

export function createLineChannel(): LineChannel {
  let offered: Waiting | undefined;
  let wake: (() => void) | undefined;
  let end: { readonly error?: unknown } | undefined;
  let isReaderGone = false;

  let leave: () => void = () => undefined;
  const readerGone = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const changed = () => {
    wake?.();
    wake = undefined;
  };
  return {
    sink: {
      isWanted: async () => true,
      send: (event) =>
        new Promise((taken) => {
          if (isReaderGone) return taken({ kind: 'refused' });
          const line = encodeEvent(event).map((bytes) => Buffer.concat([bytes, NEWLINE]));
          offered = { line, taken };
          return changed();
        }),
    },
    isReaderGone: () => isReaderGone,
    readerGone,
    async *lines() {
      let given: Waiting | undefined;
      try {
        while (true) {
          if (offered) {
            given = offered;
            offered = undefined;
            yield given.line;
            given.taken({ kind: 'accepted' });
            given = undefined;
          } else if (end) {
            if (end.error !== undefined) throw end.error;
            return;
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      } finally {
        isReaderGone = true;
        leave();
        for (const waiting of [given, offered]) waiting?.taken({ kind: 'refused' });
      }
    },
    finish(error) {
      end = { error };
      changed();
    },
  };
}

const NEWLINE = Buffer.from('\n');
