/**
 * What a lint rule is: something that loads and works, and still is a trap or says too little. A
 * rule only ever sees integrations without faults.
 *
 * An author who knows better writes why: `# lint-allow <code>: <reason>` on the line that a finding
 * names or right above it.
 */

import type { Integration } from '#shared/integration/document/plan.ts';
import type { IntegrationSource } from '#shared/integration/document/source.ts';
import type { MappingSource } from '#shared/integration/mapping/source.ts';
import type { CompileContext, SourcePath } from '#shared/integration/template/context.ts';
import type { NamedFixture } from '../fixtures/read-fixtures.ts';

export interface WrittenExpression {
  readonly text: string;
  readonly at: SourcePath;
}

export interface LintedMapping {
  readonly file: string;
  readonly source: MappingSource;
  readonly expressions: readonly WrittenExpression[];
}

export interface PlayedFixture extends NamedFixture {
  /** Operation of each exchange: `tickets.list`. */
  readonly operations: readonly string[];
}

export interface LintSubject {
  /** Of integration.yaml. */
  readonly file: string;
  readonly source: IntegrationSource;
  readonly integration: Integration;
  readonly expressions: readonly WrittenExpression[];
  readonly mappings: readonly LintedMapping[];
  readonly fixtures: readonly PlayedFixture[];
}

export interface Finding {
  readonly file: string;
  readonly at: SourcePath;
  readonly message: string;
}

export interface LintRule {
  /** Never changes: authors refer to it. */
  readonly code: string;
  check(subject: LintSubject): readonly Finding[];
}

/** A finding for each expression of integration.yaml and of the mappings that `judge` objects to. */
export function findingsByExpression(
  subject: LintSubject,
  judge: (written: WrittenExpression) => string | undefined,
): readonly Finding[] {
  const inFile = (file: string, expressions: readonly WrittenExpression[]) =>
    expressions.flatMap((written): Finding[] => {
      const message = judge(written);
      return message === undefined ? [] : [{ file, at: written.at, message }];
    });
  return [
    ...inFile(subject.file, subject.expressions),
    ...subject.mappings.flatMap(({ file, expressions }) => inFile(file, expressions)),
  ];
}

/** Every expression that a compilation meets, with the place it stands at. */
export function collectExpressions(
  context: CompileContext,
  compile: (context: CompileContext) => unknown,
): readonly WrittenExpression[] {
  const found = new Map<string, WrittenExpression>();
  const note = (text: string, at: SourcePath) => {
    found.set(JSON.stringify(at), { text, at });
  };
  compile({
    ...context,
    expression(text, path) {
      note(text, path);
      return context.expression(text, path);
    },
    optionalExpression(text, path) {
      if (text !== undefined) note(text, path);
      return context.optionalExpression(text, path);
    },
  });
  return [...found.values()];
}
