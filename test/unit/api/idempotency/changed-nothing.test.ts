import { changedNothing } from '../../../../shared/api/idempotency/changed-nothing.ts';
import { KeyUnavailableError } from '../../../../shared/encryption/key-ring.ts';
import {
  ForbiddenAddressError,
  ProviderTimeoutError,
  ProviderUnreachableError,
} from '../../../../shared/http/network-errors.ts';
import type { ErrorClass } from '../../../../shared/integration/limits/plan.ts';
import { InvariantError, UnprocessableError } from '../../../../shared/kernel/errors.ts';
import { RefreshInProgressError } from '../../../../shared/oauth/renewal/renewal-need.ts';
import { TokenEndpointError } from '../../../../shared/oauth/token/token-response.ts';
import { CircuitOpenError } from '../../../../shared/provider/breaker/circuit.ts';
import { structuralError } from '../../../../shared/provider/classify.ts';
import {
  NeedsReauthError,
  ProviderError,
  RateLimitedError,
} from '../../../../shared/wire/provider-errors.ts';

const RETRY = { retry: { afterMs: 1 } };
const provider = (status: number, errorClass: ErrorClass) =>
  new ProviderError('it failed', errorClass, { status });
const unreachable = (reason: string) =>
  new ProviderUnreachableError('not reached', { reason }, RETRY);

describe('changedNothing', () => {
  it.each([
    ['input that is refused', new UnprocessableError('no')],
    ['a host that is not allowed', new ForbiddenAddressError('no')],
    ['a credential that is dead', new NeedsReauthError('no')],
    ['a rate limit', new RateLimitedError({ status: 429 }, undefined, 0)],
    ['a provider that is held back', new CircuitOpenError({ integration: 'a', host: 'b' }, 1)],
    ['a renewal that goes on elsewhere', new RefreshInProgressError('wait')],
    ['a renewal that failed', new TokenEndpointError('no', {}, RETRY)],
    ['a key that cannot be asked', new KeyUnavailableError('no')],
    ['a 4xx', provider(422, 'validation')],
    ['a 4xx of any class', provider(423, 'transient')],
    ['a refusal that says 200', provider(200, 'validation')],
    ['a name that does not resolve', unreachable('ENOTFOUND')],
    ['a connection that is refused', unreachable('ECONNREFUSED')],
  ])('is certain after %s', (_what, error) => {
    expect(changedNothing(error)).toBe(true);
  });

  it.each([
    ['a timeout', new ProviderTimeoutError('late', {}, RETRY)],
    ['a broken connection', unreachable('ECONNRESET')],
    ['a 5xx', provider(503, 'transient')],
    ['a 408', provider(408, 'transient')],
    ['a new record without an id', structuralError('acme', 201, 'the new record has no id')],
    ['a bug of ours', new InvariantError('no')],
    ['whatever else', new Error('no')],
  ])('is not certain after %s', (_what, error) => {
    expect(changedNothing(error)).toBe(false);
  });
});
