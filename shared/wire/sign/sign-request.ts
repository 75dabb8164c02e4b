/**
 * Signs a request as its account's alternative says. Signers are primitives of the engine, by
 * name: a new one is code that is reviewed, never configuration.
 *
 * Errors  MissingValueError
 */
import { Readable } from 'node:stream';
import type { OAuth1Signer, Signer, SigV4Signer } from '../../integration/auth/plan.ts';
import type { Scope } from '../../integration/template/scope.ts';
import { oauth1Header } from './oauth1.ts';
import { isForm, type Moment, type Outgoing } from './outgoing.ts';
import { sigv4Headers } from './sigv4.ts';
import { wsseHeaders } from './wsse.ts';

/** The headers to add. `scope` is `{ cred, conn }`. */
export async function signatureHeaders(
  signer: Signer,
  request: Outgoing,
  scope: Scope,
  moment: Moment,
): Promise<Readonly<Record<string, string>>> {
  switch (signer.kind) {
    case 'oauth1':
      return {
        authorization: oauth1Header(signedParts(request), oauth1Keys(signer, scope), moment),
      };
    case 'sigv4': {
      const { method, url, headers } = request;
      const body = bodyAtHand(request) ?? (request.body ? 'unsigned' : undefined);
      return sigv4Headers({ method, url, headers, body }, sigv4Keys(signer, scope), moment.nowMs);
    }
    case 'wsse': {
      const username = signer.username.render(scope);
      const secret = signer.secret.render(scope);
      return wsseHeaders({ username, secret, digest: signer.digest }, moment);
    }
  }
}

function signedParts(request: Outgoing) {
  const body = isForm(request) ? bodyAtHand(request) : undefined;
  const form = body === undefined ? undefined : Buffer.from(body).toString();
  return { method: request.method, url: request.url, form };
}

/** Undefined where there is none, or one that streams. */
function bodyAtHand({ body }: Outgoing): string | Uint8Array | undefined {
  const value = body?.reveal();
  return value instanceof Readable ? undefined : value;
}

function oauth1Keys(signer: OAuth1Signer, scope: Scope) {
  return {
    consumerKey: signer.consumerKey.render(scope),
    consumerSecret: signer.consumerSecret.render(scope),
    token: signer.token?.render(scope),
    tokenSecret: signer.tokenSecret?.render(scope),
    method: signer.method,
    realm: signer.realm?.render(scope),
  };
}

function sigv4Keys(signer: SigV4Signer, scope: Scope) {
  return {
    service: signer.service.render(scope),
    region: signer.region.render(scope),
    accessKeyId: signer.accessKeyId.render(scope),
    secretAccessKey: signer.secretAccessKey.render(scope),
    sessionToken: signer.sessionToken?.render(scope),
  };
}
