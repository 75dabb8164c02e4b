/**
 * Transient values: provider data that may pass through memory and nowhere else.
 *
 * A `Transient<T>` is not assignable to {@link Persistable}, so a store, a queue or a logger that
 * takes Persistable refuses it at compile time. Where types are lost, every way of turning it into
 * text throws, and {@link assertPersistable} finds it however deep it sits.
 *
 * Errors  {@link TransientLeakError}
 */
import { inspect } from 'node:util';
import { AppError, type ErrorOrigin, type Retry } from './errors.ts';

/** What may be written down: to a table, a queue, a log, a metric. */
export type Persistable =
  | null
  | undefined
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Persistable[]
  | { readonly [key: string]: Persistable };

/** Something tried to write a provider's data down. */
export class TransientLeakError extends AppError {
  override readonly name = 'TransientLeakError';
  readonly code = 'internal_error';
  readonly status = 500;
  readonly origin: ErrorOrigin = 'platform';
  readonly retry: Retry = 'never';
}

export class Transient<T> {
  readonly #value: T;

  private constructor(value: T) {
    this.#value = value;
  }

  static of<T>(value: T): Transient<T> {
    return new Transient(value);
  }

  /** The value itself. Only the files listed in test/architecture/transient.test.ts may ask. */
  reveal(): T {
    return this.#value;
  }

  map<U>(change: (value: T) => U): Transient<U> {
    return new Transient(change(this.#value));
  }

  toJSON(): never {
    throw new TransientLeakError('a transient value was about to be serialised');
  }

  toString(): never {
    throw new TransientLeakError('a transient value was about to become text');
  }

  [Symbol.toPrimitive](): never {
    throw new TransientLeakError('a transient value was about to become text');
  }

  /** Debuggers and error formatters must not fail, so they see a placeholder. */
  [inspect.custom](): string {
    return 'Transient(redacted)';
  }
}

/** @throws TransientLeakError if a transient value sits anywhere in `value` */
export function assertPersistable(value: unknown): asserts value is Persistable {
  if (value instanceof Transient) {
    throw new TransientLeakError('a transient value was about to be written down');
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  for (const member of Object.values(value)) assertPersistable(member);
}
