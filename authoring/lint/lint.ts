/** Runs the rules over an opened integration and leaves out what its author has allowed. */
import type { OpenedIntegration } from '../open-folder.ts';
import { readYamlFile } from '../open-folder.ts';
import type { LintRule, PlayedFixture } from './rule.ts';
import { LINT_RULES } from './rules.ts';

export interface LintWarning {
  readonly code: string;
  readonly file: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

export function lintIntegration(
  opened: OpenedIntegration,
  fixtures: readonly PlayedFixture[],
  rules: readonly LintRule[] = LINT_RULES,
): readonly LintWarning[] {
  const files = new Map<string, ReturnType<typeof readYamlFile>>();
  const read = (file: string) => {
    const known = files.get(file) ?? readYamlFile(file);
    files.set(file, known);
    return known;
  };
  const subject = { ...opened, integration: opened.compiled, fixtures };
  return rules.flatMap(({ code, check }) =>
    check(subject).flatMap(({ file, at, message }): LintWarning[] => {
      const { text, yaml } = read(file);
      const { path, line = 1 } = yaml.locate({ at, message });
      return isAllowed(text, line, code) ? [] : [{ code, file, path, line, message }];
    }),
  );
}

/** On the line itself, or in the comment right above it. A reason is asked for. */
function isAllowed(text: string, line: number, code: string): boolean {
  const lines = text.split('\n');
  const pattern = new RegExp(`#.*\\blint-allow ${code}: *\\S`);
  if (pattern.test(lines[line - 1] ?? '')) return true;
  for (let above = line - 2; /^\s*#/.test(lines[above] ?? ''); above -= 1) {
    if (pattern.test(lines[above] ?? '')) return true;
  }
  return false;
}
