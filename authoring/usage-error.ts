/** The arguments of a command do not fit together; the message says what would. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
