/** An answer, as far as limits can be read from it. */
export interface LimitAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where it was not read. */
  readonly body?: unknown;
  /** Inputs of the account. */
  readonly conn?: Readonly<Record<string, string>>;
}
