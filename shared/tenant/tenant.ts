/** A tenant: the operator's customer, by the operator's own name for it. */
import * as z from 'zod';
import { OPERATOR } from '../encryption/sealer.ts';
import { brandId, type EnvironmentId, type TenantId } from '../kernel/id.ts';

/** Printable, so that it can stand in logs and keys; short enough for a DynamoDB key. */
export const tenantIdText = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\p{L}\p{N}\p{P}\p{S}]+$/u, 'must hold no spaces and no control characters')
  // API Gateway decodes a path before we split it: such a tenant could be made and never erased.
  .regex(/^(?!\.{1,2}$)[^/?%]+$/, 'must hold no /, ? or %, and must not be . or ..')
  // Else erasing that tenant would erase the key of the operator's own secrets.
  .refine((text) => text !== OPERATOR, 'is a reserved name');

export interface Tenant {
  readonly environmentId: EnvironmentId;
  readonly id: TenantId;
  readonly name?: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Rises by one with every change; the ETag. */
  readonly version: number;
}

const storedTenant = z.object({
  environmentId: z.string().transform((id) => brandId<'env'>(id)),
  id: z.string().transform((id) => brandId<'tenant'>(id)),
  name: z.string().exactOptional(),
  createdAtMs: z.int(),
  updatedAtMs: z.int(),
  version: z.int().positive(),
}) satisfies z.ZodType<Tenant>;

export function parseTenant(item: unknown): Tenant {
  return storedTenant.parse(item);
}
