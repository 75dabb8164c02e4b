/** The operations of KMS on aliases: names that point to keys. */
import * as z from 'zod';
import { AwsError } from '../aws-message.ts';
import type { KeyRing } from './key-ring.ts';
import { type Operation, operation } from './operation.ts';

const aliasName = z.string().regex(/^alias\/[\w/-]+$/);

export function aliasOperations(ring: KeyRing): Readonly<Record<string, Operation>> {
  const { aliases } = ring.store;
  const target = z.object({ AliasName: aliasName, TargetKeyId: z.string() });
  const point = (name: string, keyId: string): object => {
    aliases.set(name, ring.find(keyId).keyId);
    ring.store.save();
    return {};
  };
  const existing = (name: string): string => {
    if (!aliases.has(name))
      throw new AwsError('NotFoundException', `Alias ${ring.arn(name)} is not found.`);
    return name;
  };
  return {
    CreateAlias: operation(target, (input) => {
      if (aliases.has(input.AliasName)) {
        throw new AwsError(
          'AlreadyExistsException',
          `An alias with the name ${ring.arn(input.AliasName)} already exists`,
        );
      }
      return point(input.AliasName, input.TargetKeyId);
    }),
    UpdateAlias: operation(target, (input) => point(existing(input.AliasName), input.TargetKeyId)),
    DeleteAlias: operation(z.object({ AliasName: aliasName }), (input) => {
      aliases.delete(existing(input.AliasName));
      ring.store.save();
      return {};
    }),
    ListAliases: operation(z.object({ KeyId: z.string().optional() }), (input) => {
      const only = input.KeyId === undefined ? undefined : ring.find(input.KeyId).keyId;
      const listed = [...aliases].filter(([, keyId]) => only === undefined || keyId === only);
      return {
        Aliases: listed.map(([name, keyId]) => ({
          AliasName: name,
          AliasArn: ring.arn(name),
          TargetKeyId: keyId,
        })),
        Truncated: false,
      };
    }),
  };
}
