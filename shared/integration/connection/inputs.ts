/** What a tenant is asked about its account, compiled: which inputs there are, and of whom. */
import type { Expression } from '../../expression/expression.ts';
import type { Fault } from '../../kernel/errors.ts';
import { mapRecord } from '../../kernel/map-record.ts';
import type { AccountAddress } from '../auth/plan.ts';
import type { ConnectionInput } from '../document/plan.ts';
import type { IntegrationSource } from '../document/source.ts';
import type { CompileContext } from '../template/context.ts';
import type { Pattern } from '../template/pattern.ts';

export type CompiledInput = ConnectionInput & {
  readonly compiled: Pattern;
  readonly derive: Expression | undefined;
};
export type Inputs = Readonly<Record<string, CompiledInput>>;

export interface CheckedConnection {
  readonly connection: AccountAddress['connection'];
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
      derived: input.derive !== undefined,
      derive: context.optionalExpression(input.derive, [...path, 'derive']),
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
