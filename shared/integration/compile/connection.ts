/**
 * What a tenant says about its account, compiled: which inputs there are, who is asked for them,
 * and what the engine finds out by itself.
 */
import { ForbiddenAddressError } from '../../http/network-errors.ts';
import type { Fault } from '../../kernel/errors.ts';
import type { AccountAddress } from '../auth.ts';
import type { ConnectionInput } from '../integration.ts';
import type { IntegrationSource } from '../schema/integration.ts';
import type { Address } from './address.ts';
import type { CompileContext } from './context.ts';
import type { Pattern } from './pattern.ts';
import { MissingInputError } from './template.ts';
import { mapRecord } from './values.ts';

export type CompiledInput = ConnectionInput & { readonly compiled: Pattern };
type Inputs = Readonly<Record<string, CompiledInput>>;
type Connection = AccountAddress['connection'];

export interface CheckedConnection {
  readonly connection: Connection;
  readonly faults: readonly Fault[];
}

export function compileInputs(source: IntegrationSource, context: CompileContext): Inputs {
  return mapRecord(source.connection, (input, name) => {
    const path = ['connection', name];
    const faultsBefore = context.faults.length;
    const compiled = context.pattern(input.pattern, [...path, 'pattern']);
    for (const slot of ['default', 'example'] as const) {
      const value = input[slot];
      if (value === undefined || context.faults.length > faultsBefore) continue;
      if (!compiled.matches(value)) context.fault([...path, slot], 'does not match the pattern');
    }
    return {
      name,
      title: input.title ?? name,
      pattern: input.pattern,
      default: input.default,
      example: input.example,
      optional: input.optional,
      captured: input.captured,
      authNames: input.auth,
      compiled,
    };
  });
}

/** Whether accounts of this alternative have the input. */
export function concerns(
  { authNames }: { readonly authNames: readonly string[] | undefined },
  auth: string,
): boolean {
  return authNames === undefined || authNames.includes(auth);
}

/** What was given, with defaults. What is captured may be absent: it comes with the connecting. */
export function validateConnection(
  inputs: Inputs,
  address: Address,
  given: Readonly<Record<string, unknown>>,
  auth: string,
): CheckedConnection {
  const faults = unknownInputs(inputs, given);
  const connection: Record<string, string> = {};
  for (const [name, input] of Object.entries(inputs)) {
    const value = given[name] ?? (concerns(input, auth) ? input.default : undefined);
    if (value === undefined) {
      const mayLack = input.optional || input.captured || !concerns(input, auth);
      if (!mayLack) faults.push({ path: `connection.${name}`, message: 'is needed' });
    } else if (typeof value === 'string' && input.compiled.matches(value)) {
      connection[name] = value;
    } else {
      const message = `must be a text that matches ${input.pattern}`;
      faults.push({ path: `connection.${name}`, message });
    }
  }
  return {
    connection,
    faults: [...faults, ...addressFaults(address, { auth, connection }, faults)],
  };
}

/** What the engine found out, beside what the account has; a value that cannot be is a fault. */
export function withCaptured(
  inputs: Inputs,
  address: Address,
  { auth, connection }: AccountAddress,
  captured: Readonly<Record<string, unknown>>,
): CheckedConnection {
  const faults: Fault[] = [];
  const merged: Record<string, string> = { ...connection };
  for (const [name, found] of Object.entries(captured)) {
    if (found === undefined || found === null) continue;
    const value = typeof found === 'number' ? String(found) : found;
    if (typeof value === 'string' && inputs[name]?.compiled.matches(value) === true) {
      merged[name] = value;
    } else {
      const message = 'the provider names a value that does not match the pattern';
      faults.push({ path: `connection.${name}`, message });
    }
  }
  return {
    connection: merged,
    faults: [...faults, ...addressFaults(address, { auth, connection: merged }, faults)],
  };
}

function unknownInputs(inputs: Inputs, given: Readonly<Record<string, unknown>>): Fault[] {
  return Object.keys(given)
    .filter((name) => !Object.hasOwn(inputs, name))
    .map((name) => ({ path: `connection.${name}`, message: 'the integration has no such input' }));
}

function addressFaults(
  address: Address,
  account: AccountAddress,
  others: readonly Fault[],
): readonly Fault[] {
  if (others.length > 0 || leadsSomewhere(address, account)) return [];
  const message = 'leads to a host that the integration does not allow';
  return [{ path: 'connection', message }];
}

/** As long as something that is captured is missing, there is no address to judge. */
function leadsSomewhere(address: Address, account: AccountAddress): boolean {
  try {
    address.baseUrl(account);
    return true;
  } catch (error) {
    if (error instanceof MissingInputError) return true;
    if (error instanceof ForbiddenAddressError) return false;
    throw error;
  }
}
