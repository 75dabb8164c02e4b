/**
 * Connection inputs that are made of the others, so that no tenant is asked for the same thing twice:
 * a data centre that a host names.
 */
import { ExpressionBudgetError, ExpressionEvaluationError } from '../../expression/errors.ts';
import type { Expression } from '../../expression/expression.ts';
import type { Fault } from '../../kernel/errors.ts';
import type { AccountAddress } from '../auth/plan.ts';
import { type CheckedConnection, type CompiledInput, concerns } from './inputs.ts';

type Connection = AccountAddress['connection'];

/** The connection with what follows from it. What waits for something captured may be absent. */
export function withDerived(
  inputs: Readonly<Record<string, CompiledInput>>,
  connection: Connection,
  auth: string,
): CheckedConnection {
  const concerned = Object.values(inputs).filter((input) => concerns(input, auth));
  const waits = concerned.some(({ captured, name }) => captured && connection[name] === undefined);
  // What was derived before may follow no more.
  const rest = concerned.filter(({ derive }) => derive).map(({ name }) => name);
  const given = Object.fromEntries(
    Object.entries(connection).filter(([name]) => !rest.includes(name)),
  );
  const derived: Record<string, string> = {};
  const faults: Fault[] = [];
  for (const { name, derive, compiled, optional } of concerned) {
    if (!derive) continue;
    const value = derivedValue(derive, given);
    if (value !== undefined && compiled.matches(value)) derived[name] = value;
    else if (value !== undefined || !(optional || waits)) {
      faults.push({ path: `connection.${name}`, message: 'cannot be made of the other inputs' });
    }
  }
  return { connection: { ...given, ...derived }, faults };
}

function derivedValue(derive: Expression, conn: Connection): string | undefined {
  try {
    const value = derive.evaluate({ conn });
    return typeof value === 'number'
      ? String(value)
      : typeof value === 'string'
        ? value
        : undefined;
  } catch (error) {
    if (error instanceof ExpressionEvaluationError || error instanceof ExpressionBudgetError) {
      return undefined;
    }
    throw error;
  }
}
