/**
 * The authorization code grant from end to end: our authorization URL, the provider's page, where
 * one of its users is picked, and the exchange of the code that comes back.
 */

import { systemRandom } from '../../shared/kernel/random.ts';
import { Transient } from '../../shared/kernel/transient.ts';
import {
  authorizationUrl,
  createVerifier,
} from '../../shared/oauth/authorization/authorization-url.ts';
import {
  createExchangeCode,
  type ExchangedCode,
} from '../../shared/oauth/authorization/exchange-code.ts';
import { type LiveCast, openLiveAccount } from '../support/worlds/live-account.ts';
import { CLIENT, REDIRECT_URI } from './seed.ts';

export interface SignIn extends ExchangedCode {
  readonly state: { readonly sent: string; readonly returned: string | null };
  /** The exchange again, with the code that is used up. */
  again(): Promise<ExchangedCode>;
  /** With a verifier that the challenge was not made of, and a fresh code. */
  stolen(): Promise<ExchangedCode>;
}

export interface Browser {
  /** What the page's button for the user says. */
  readonly user: string;
  /** Where on loopback the authorization page stands. */
  pageAt(url: URL): string;
}

export async function signIn(cast: LiveCast, { user, pageAt }: Browser): Promise<SignIn> {
  const { account, deps } = openLiveAccount(cast);
  const integration = deps.catalogue.integration(cast.integration);
  if (!integration) throw new Error(`the catalogue has no ${cast.integration}`);
  const exchangeCode = createExchangeCode(deps);
  const client = { value: Transient.of(CLIENT), isOwn: false };
  const state = systemRandom.bytes(16).toString('base64url');
  const verifier = createVerifier(systemRandom);
  const url = authorizationUrl({
    integration,
    account,
    clientId: CLIENT.id,
    redirectUri: REDIRECT_URI,
    state,
    verifier,
  });
  const exchange = (callback: URLSearchParams, withVerifier: string) =>
    exchangeCode({
      requestId: 'req-sign-in',
      integration,
      account,
      client,
      callback,
      redirectUri: REDIRECT_URI,
      verifier: withVerifier,
    });
  const callback = await pick(user, pageAt(url));
  return {
    ...(await exchange(callback, verifier)),
    state: { sent: state, returned: callback.get('state') },
    again: () => exchange(callback, verifier),
    stolen: async () => exchange(await pick(user, pageAt(url)), createVerifier(systemRandom)),
  };
}

/** Parameters of the redirect that the user's form leads to. */
async function pick(user: string, page: string): Promise<URLSearchParams> {
  const html = await (await fetch(page)).text();
  const forms = html.match(/<form[\s\S]*?<\/form>/g) ?? [];
  const form = forms.find((one) => one.includes(user)) ?? '';
  const action = /action="([^"]*)"/.exec(form)?.[1];
  if (action === undefined) throw new Error('the authorization page does not have the user');
  const inputs = [...form.matchAll(/<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"/g)];
  const fields = inputs.map(([, name = '', value = '']): [string, string] => [
    name,
    unescaped(value),
  ]);
  const answer = await fetch(new URL(action, page), {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`the page answered ${answer.status} without a redirect`);
  return new URL(location).searchParams;
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
