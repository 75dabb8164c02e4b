/** What a call was refused with, as the API would say it: for comparing with what was expected. */
import { AppError } from '../../../shared/kernel/errors.ts';
import { ProviderError, RateLimitedError } from '../../../shared/wire/provider-errors.ts';

export interface Refusal {
  /** `not_found of 404`, `rate_limited`, `succeeded`. */
  readonly text: string;
  /** What the provider calls it. */
  readonly providerCode?: string | undefined;
  readonly fields?: readonly string[] | undefined;
  readonly resumeAtMs?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    return describe(error);
  }
  return { text: 'succeeded' };
}

function describe(error: unknown): Refusal {
  if (error instanceof ProviderError) {
    const { class: errorClass, provider, headers } = error;
    const { code: providerCode, fields } = provider;
    return { text: `${errorClass} of ${provider.status}`, providerCode, fields, headers };
  }
  if (error instanceof RateLimitedError) {
    const { resumeAtMs, headers, provider } = error;
    return { text: error.code, resumeAtMs, headers, providerCode: provider?.code };
  }
  if (error instanceof AppError) return { text: error.code };
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
