/** What a request asks permission for, before the gateway adds what every request carries. */
export interface AccessNeed {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the service, as AWS spells them. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** Account and region, as ARNs are made of them. */
export interface AwsPlace {
  readonly region: string;
  readonly accountId: string;
}

export function stringIn(
  body: Readonly<Record<string, unknown>>,
  member: string,
): string | undefined {
  const value = body[member];
  return typeof value === 'string' ? value : undefined;
}
