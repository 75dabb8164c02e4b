/** What the compilers of the single node families share. */
import type { AstNode } from '../ast.ts';
import type { Evaluate, Frame } from '../frame.ts';
import type { Scope } from '../scope.ts';

export interface Code {
  readonly run: Evaluate;
  /** Never answers a sequence that has to be normalised. */
  readonly plain: boolean;
}

/** A part whose value leaves the expression. */
export interface Output {
  readonly run: Evaluate;
  /** Whether containers in its value are plain and paid for. Text is paid for by whoever takes it. */
  readonly isPlain: boolean;
}

export type Test = (input: unknown, frame: Frame) => boolean;

export interface CompileContext {
  /** Every `@$name` and `#$name` of the whole expression. */
  readonly tupleNames: ReadonlySet<string>;
  /** The node with its predicates and group, normalised. */
  compile(node: AstNode, scope: Scope): Evaluate;
  /** The same before it is normalised, as a tail call answers it. */
  compileRaw(node: AstNode, scope: Scope): Evaluate;
  /** The node where its value leaves the expression. */
  compileOutput(node: AstNode, scope: Scope): Output;
  /** The node where only its truth counts. */
  compileTest(node: AstNode, scope: Scope): Test;
  /** Whether something here may give `$name` a meaning of its own. */
  isBound(name: string, scope: Scope): boolean;
  /** Whether `$name` can only mean the built-in function here. */
  isBuiltin(name: string, scope: Scope): boolean;
}

export function plain(run: Evaluate): Code {
  return { run, plain: true };
}

export function sequenced(run: Evaluate): Code {
  return { run, plain: false };
}
