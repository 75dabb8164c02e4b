/** What an answer means where its status does not say it, compiled. */

import type { CompileContext, SourcePath } from '../template/context.ts';
import type { ErrorRuleSource } from './error-rules-source.ts';
import type { ErrorRule } from './plan.ts';

export function compileErrorRules(
  sources: readonly ErrorRuleSource[],
  path: SourcePath,
  context: CompileContext,
): readonly ErrorRule[] {
  return sources.map((source, index) => {
    checkAction(source, [...path, index, 'action'], context);
    const optional = (slot: 'message' | 'code' | 'fields') =>
      context.optionalExpression(source[slot], [...path, index, slot]);
    return {
      when: context.expression(source.when, [...path, index, 'when']),
      class: source.class,
      action: source.action,
      message: optional('message'),
      code: optional('code'),
      fields: optional('fields'),
    };
  });
}

/** What is told by a class of its own ends the list, and what is ignored is no error at all. */
function checkAction(source: ErrorRuleSource, path: SourcePath, context: CompileContext): void {
  if (source.action === undefined) return;
  if (source.class === 'ignore') context.fault(path, 'must be absent where nothing went wrong');
  else if (
    source.action === 'reset_pagination' &&
    ['auth', 'rate_limited'].includes(source.class)
  ) {
    context.fault(path, `a list is not begun again after class ${source.class}`);
  }
}
