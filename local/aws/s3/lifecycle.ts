/**
 * Which objects a bucket's lifecycle configuration deletes, and when.
 *
 * AWS rounds up to the next midnight UTC; here an object goes as soon as its days are over.
 * Errors  AwsError NotImplemented for filters other than a prefix, and for transitions
 */
import { AwsError } from '../aws-message.ts';

export interface ExpiryRule {
  readonly prefix: string;
  readonly afterMs: number;
}

const DAY_MS = 86_400_000;

/** @param xml a LifecycleConfiguration, as the SDK writes it */
export function parseLifecycle(xml: string): readonly ExpiryRule[] {
  if (/<(Tag|And|ObjectSize\w+|Transition|NoncurrentVersion\w+)>/.test(xml)) {
    throw new AwsError(
      'NotImplemented',
      'The local S3 expires objects by prefix and days only.',
      501,
    );
  }
  return [...xml.matchAll(/<Rule>(.*?)<\/Rule>/gs)].flatMap(([, rule = '']) => {
    const days = element(element(rule, 'Expiration') ?? '', 'Days');
    const enabled = element(rule, 'Status') === 'Enabled';
    if (!enabled || days === undefined) return [];
    return [{ prefix: element(rule, 'Prefix') ?? '', afterMs: Number(days) * DAY_MS }];
  });
}

function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(xml)?.[1];
}
