/** What a tenant says about its account, checked, beside what the engine finds out by itself. */

import { ForbiddenAddressError } from '../../http/network-errors.ts';
import type { Fault } from '../../kernel/errors.ts';
import type { AccountAddress, Auth, Giver } from '../auth/plan.ts';
import { MissingInputError } from '../template/template.ts';
import type { Address } from './address.ts';
import { withDerived } from './derive.ts';
import { type CheckedConnection, type CompiledInput, concerns, type Inputs } from './inputs.ts';

/** What was given, with defaults. What is captured may be absent: it comes with the connecting. */
export function validateConnection(
  inputs: Inputs,
  address: Address,
  given: Readonly<Record<string, unknown>>,
  { name: auth, clientInputs = [] }: Pick<Auth, 'name'> & Partial<Pick<Auth, 'clientInputs'>>,
  giver?: Giver,
): CheckedConnection {
  const faults = unknownInputs(inputs, given);
  if (giver) faults.push(...unprovenInputs(inputs, given, clientInputs, giver));
  const connection: Record<string, string> = {};
  for (const input of Object.values(inputs)) {
    const { value, fault } = readInput(input, given[input.name], auth);
    if (value !== undefined) connection[input.name] = value;
    if (fault !== undefined) faults.push({ path: `connection.${input.name}`, message: fault });
  }
  return checked(inputs, address, { auth, connection }, faults);
}

/**
 * The environment's OAuth client acts for all tenants: which of their accounts at the provider it
 * acts on, the provider says, and not whoever writes an account.
 */
function unprovenInputs(
  inputs: Inputs,
  given: Readonly<Record<string, unknown>>,
  clientInputs: readonly string[],
  { ownClient, stored }: Giver,
): readonly Fault[] {
  if (ownClient) return [];
  return clientInputs
    .filter((name) => inputs[name]?.captured === true)
    .filter((name) => given[name] !== undefined && given[name] !== stored[name])
    .map((name) => ({
      path: `connection.${name}`,
      message: "is the provider's to say, but for an account with an OAuth client of its own",
    }));
}

function readInput(
  input: CompiledInput,
  given: unknown,
  auth: string,
): { readonly value?: string; readonly fault?: string } {
  if (input.derived) {
    return given === undefined ? {} : { fault: 'follows from the others: it is not given' };
  }
  const value = given ?? (concerns(input, auth) ? input.default : undefined);
  if (value === undefined) {
    const mayLack = input.optional || input.captured || !concerns(input, auth);
    return mayLack ? {} : { fault: 'is needed' };
  }
  if (typeof value === 'string' && input.compiled.matches(value)) return { value };
  return { fault: `must be a text that matches ${input.pattern}` };
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
  return checked(inputs, address, { auth, connection: merged }, faults);
}

function checked(
  inputs: Inputs,
  address: Address,
  { auth, connection: bare }: AccountAddress,
  others: readonly Fault[],
): CheckedConnection {
  const derived =
    others.length > 0 ? { connection: bare, faults: [] } : withDerived(inputs, bare, auth);
  const { connection } = derived;
  const faults = [...others, ...derived.faults];
  return {
    connection,
    faults: [...faults, ...addressFaults(address, { auth, connection }, faults)],
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
