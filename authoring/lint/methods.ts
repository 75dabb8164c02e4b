/** The methods of an integration as it is written, with where each stands. */

import type { IntegrationSource } from '#shared/integration/document/source.ts';
import type { MethodSource } from '#shared/integration/method/source.ts';
import type { SourcePath } from '#shared/integration/template/context.ts';

export interface WrittenMethod {
  readonly resource: string;
  readonly name: string;
  /** As the boundary log calls it: `tickets.list`. */
  readonly operation: string;
  readonly at: SourcePath;
  readonly source: MethodSource;
}

export function methodsOf(source: IntegrationSource): readonly WrittenMethod[] {
  return Object.entries(source.resources).flatMap(([resource, { id, discovered, ...methods }]) =>
    Object.entries(methods).map(([name, method]) => ({
      resource,
      name,
      operation: `${resource}.${name}`,
      at: ['resources', resource, name],
      source: method,
    })),
  );
}

/** Whether it pages, by a pagination of its own or one that it names. */
export function pagingOf(source: IntegrationSource, method: MethodSource): string | undefined {
  const { pagination } = method;
  return typeof pagination === 'string' ? source.pagination[pagination]?.kind : pagination?.kind;
}
