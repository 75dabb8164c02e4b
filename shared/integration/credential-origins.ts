/** Where an account's credential is sent to: its integration's API, and where it is renewed. */
import type { Integration } from './integration.ts';

interface AccountAddress {
  readonly auth: string;
  readonly connection: Readonly<Record<string, string>>;
}

/**
 * Whether two accounts' credentials go to the same origins. Who may change a connection may not
 * read the credential, and must not have it sent to a host of its own either.
 *
 * @throws ForbiddenAddressError where one of them leads nowhere that the integration allows
 */
export function haveSameOrigins(
  integration: Integration,
  one: AccountAddress,
  other: AccountAddress,
): boolean {
  const theirs = originsOf(integration, other);
  return originsOf(integration, one).every((origin, index) => origin === theirs[index]);
}

function originsOf(
  integration: Integration,
  { auth, connection }: AccountAddress,
): readonly (string | undefined)[] {
  const oauth = Object.hasOwn(integration.auth, auth) ? integration.auth[auth]?.oauth : undefined;
  const tokenUrl = oauth?.tokenUrl.render({ conn: connection });
  return [
    integration.baseUrl(connection).origin,
    // Two that are no URLs are no address, and are refused where a token is renewed.
    tokenUrl !== undefined && URL.canParse(tokenUrl) ? new URL(tokenUrl).origin : undefined,
  ];
}
