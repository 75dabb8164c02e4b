/** Finds the alternative of `auth` that an account uses: integrations change, accounts stay. */
import type { Auth } from './plan.ts';

interface HasAlternatives {
  readonly auth: Readonly<Record<string, Auth>>;
}

export function alternativeOf(
  { auth: alternatives }: HasAlternatives,
  { auth: name }: { readonly auth: string },
): Auth | undefined {
  return Object.hasOwn(alternatives, name) ? alternatives[name] : undefined;
}
