/**
 * The condition keys that the gateway derives from requests. A policy that asks for another one
 * is refused: a key that is never present would make a condition silently true or false.
 */

/** True for keys whose value is a list, which need ForAllValues or ForAnyValue. */
export type KeyKind = 'single' | 'multiple';

const KEYS: Readonly<Record<string, KeyKind>> = {
  'aws:principalaccount': 'single',
  'aws:principalarn': 'single',
  'aws:principaltype': 'single',
  'aws:requestedregion': 'single',
  'aws:resourceaccount': 'single',
  'aws:securetransport': 'single',
  'aws:sourceaccount': 'single',
  'aws:sourcearn': 'single',
  'dynamodb:leadingkeys': 'multiple',
  'iam:passedtoservice': 'single',
  'kms:encryptioncontextkeys': 'multiple',
  'kms:viaservice': 'single',
  's3:prefix': 'single',
  's3:tlsversion': 'single',
};

const ENCRYPTION_CONTEXT = /^kms:encryptioncontext:.+$/;

/** What kind of key this is; undefined where no request ever carries it. */
export function conditionKeyKind(key: string): KeyKind | undefined {
  const name = key.toLowerCase();
  return ENCRYPTION_CONTEXT.test(name) ? 'single' : KEYS[name];
}
