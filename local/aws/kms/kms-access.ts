/**
 * Permissions that KMS requests need, with the encryption context they are made under. A Decrypt
 * that names no key needs permission for the key that its ciphertext names.
 *
 * Source  https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 */
import { type AwsRequest, isRecord, operationOf, parseJsonBody } from '../aws-message.ts';
import { type AccessNeed, stringIn } from '../iam/access-need.ts';
import type { KeyRing } from './key-ring.ts';

type Body = Readonly<Record<string, unknown>>;

export function kmsNeeds(request: AwsRequest, ring: KeyRing): readonly AccessNeed[] {
  const operation = operationOf(request);
  const body = parseJsonBody(request);
  if (operation === 'ReEncrypt') {
    const destination = keyArn(ring, stringIn(body, 'DestinationKeyId') ?? '');
    return [
      ...onCiphertext('kms:ReEncryptFrom', ring, body, 'SourceEncryptionContext'),
      {
        action: 'kms:ReEncryptTo',
        resource: destination,
        context: encryptionContext(body['DestinationEncryptionContext']),
      },
    ];
  }
  const action = `kms:${operation}`;
  if (operation === 'Decrypt') return onCiphertext(action, ring, body, 'EncryptionContext');
  const alias = stringIn(body, 'AliasName');
  const key = stringIn(body, 'KeyId') ?? stringIn(body, 'TargetKeyId');
  const onAlias = alias === undefined ? [] : [{ action, resource: ring.arn(alias) }];
  const onKey =
    key === undefined
      ? []
      : [
          {
            action,
            resource: keyArn(ring, key),
            context: encryptionContext(body['EncryptionContext']),
          },
        ];
  const needs = [...onAlias, ...onKey];
  return needs.length > 0 ? needs : [{ action, resource: '*' }];
}

/** Nothing is needed for bytes that no key of ours sealed: they are refused whoever asks. */
function onCiphertext(
  action: string,
  ring: KeyRing,
  body: Body,
  contextMember: string,
): readonly AccessNeed[] {
  const resource = ring.sealedBy(Buffer.from(stringIn(body, 'CiphertextBlob') ?? '', 'base64'));
  return resource === undefined
    ? []
    : [{ action, resource, context: encryptionContext(body[contextMember]) }];
}

function encryptionContext(raw: unknown): NonNullable<AccessNeed['context']> {
  if (!isRecord(raw)) return {};
  const pairs = Object.entries(raw).map(([name, value]): [string, string] => [
    `kms:EncryptionContext:${name}`,
    String(value),
  ]);
  return { ...Object.fromEntries(pairs), 'kms:EncryptionContextKeys': Object.keys(raw) };
}

/** The ARN of the key itself, whatever it is called by; of no key where there is none. */
function keyArn(ring: KeyRing, name: string): string {
  try {
    return ring.keyArn(ring.find(name));
  } catch {
    return ring.arn(`key/${name}`);
  }
}
