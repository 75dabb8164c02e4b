/** The header of Basic authentication. Source: RFC 7617 §2: `user-id:password`, UTF-8, in Base64. */
import type { BasicPair } from '../integration/auth/plan.ts';
import type { Scope } from '../integration/template/scope.ts';

/** @param pair undefined where the integration declares no Basic authentication */
export function basicHeader(
  pair: BasicPair | undefined,
  scope: Scope,
): Readonly<Record<string, string>> {
  if (!pair) return {};
  return basicHeaderOf(`${pair.username.render(scope)}:${pair.password.render(scope)}`);
}

/** @param userPass `user-id:password` */
export function basicHeaderOf(userPass: string): Readonly<Record<string, string>> {
  return { authorization: `Basic ${Buffer.from(userPass, 'utf8').toString('base64')}` };
}
