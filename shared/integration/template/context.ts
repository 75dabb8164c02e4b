/**
 * Where compilation of an integration collects what is wrong, so that an author sees every fault at
 * once. A part with a fault is compiled to a stand-in that nothing ever calls.
 */
import { ExpressionSyntaxError } from '../../expression/errors.ts';
import { compileExpression, type Expression } from '../../expression/expression.ts';
import { type Fault, InvariantError } from '../../kernel/errors.ts';
import { compilePattern, MAX_PATTERN_CHARACTERS, type Pattern } from './pattern.ts';
import { compileTemplate, type Template } from './template.ts';

export type SourcePath = readonly (string | number)[];

export interface CompileContext {
  readonly faults: readonly LocatedFault[];
  fault(path: SourcePath, message: string): void;
  expression(text: string, path: SourcePath): Expression;
  optionalExpression(text: string | undefined, path: SourcePath): Expression | undefined;
  template(text: string, path: SourcePath, roots: readonly string[]): Template;
  pattern(text: string, path: SourcePath): Pattern;
}

/** A fault before its path is text and its line is known. */
export interface LocatedFault {
  readonly at: SourcePath;
  readonly message: string;
}

/** `headers.retry-after` subtracts; JSONata wants back-ticks around the name. */
const HYPHENATED = /\bheaders\.[A-Za-z]+-[A-Za-z]/;
const QUOTED = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g;

export function createCompileContext(): CompileContext {
  const faults: LocatedFault[] = [];
  const fault = (at: SourcePath, message: string) => {
    faults.push({ at, message });
  };
  const expression = (text: string, path: SourcePath): Expression => {
    if (HYPHENATED.test(text.replaceAll(QUOTED, ''))) {
      fault(path, 'a header name with a hyphen needs back-ticks: headers.`retry-after`');
    }
    try {
      return compileExpression(text);
    } catch (error) {
      if (!(error instanceof ExpressionSyntaxError)) throw error;
      fault(
        path,
        `the expression is broken at character ${error.position} (${error.expressionCode})`,
      );
      return { text, evaluate: () => unreachable() };
    }
  };
  return {
    faults,
    fault,
    expression,
    optionalExpression: (text, path) => (text === undefined ? undefined : expression(text, path)),
    template(text, path, roots) {
      const compiled = compileTemplate(text, roots);
      if (!('fault' in compiled)) return compiled;
      fault(path, `the template ${compiled.fault}`);
      return { text, paths: [], render: unreachable, value: unreachable };
    },
    pattern(text, path) {
      const compiled = compilePattern(text);
      if (compiled) return compiled;
      fault(path, `the pattern is not RE2 of at most ${MAX_PATTERN_CHARACTERS} characters`);
      return { groupNames: [], matches: unreachable, groups: unreachable };
    },
  };
}

/** `resources.tickets.list.query["page[size]"]`, `errors[2].when`. */
export function pathText(path: SourcePath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

/** Paths as text. */
export function toFaults(located: readonly LocatedFault[]): readonly Fault[] {
  return located.map(({ at, message }) => ({ path: pathText(at), message }));
}

function unreachable(): never {
  throw new InvariantError('a part of an integration that did not compile was used');
}
