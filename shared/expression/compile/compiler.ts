/**
 * From tree to closures: every node becomes a function of the current item and the frame. What a
 * node always does is decided here, once; what depends on data is left to the closure.
 */
import type { AstNode } from '../ast.ts';
import { ExpressionSyntaxError } from '../errors.ts';
import type { Evaluate } from '../frame.ts';
import { builtinNamed } from '../functions/registry.ts';
import { boundNames, Scope, tupleNamesOf } from '../scope.ts';
import { normalize } from '../sequence.ts';
import { truthOf } from '../truth.ts';
import { compileApply, compileCall } from './calls.ts';
import { type Code, type CompileContext, type Output, plain, type Test } from './context.ts';
import { compileFilter } from './filters.ts';
import { compileLambda, compilePartial, compileTailCall } from './functions.ts';
import { compileGroup, compileObject } from './objects.ts';
import { compileBinary, compileNegation } from './operators.ts';
import { compileOutput, compileResult } from './outputs.ts';
import { compileName, compilePath } from './paths.ts';
import { compileRegex, compileRegexTest } from './regexes.ts';
import { compileTransform } from './transforms.ts';
import { compileArray, compileCondition, compileDescendants, compileWildcard } from './values.ts';
import { compileBind, compileBlock, compileParent, compileVariable } from './variables.ts';

export interface Program {
  readonly run: Evaluate;
  /** Slots of the outermost frame. */
  readonly size: number;
}

/** @param shadowed built-in names that the caller's bindings give another meaning */
export function compileProgram(tree: AstNode, shadowed: ReadonlySet<string>): Program {
  const scope = new Scope(undefined, boundNames([tree]));
  const compiler = new Compiler(tupleNamesOf(tree), shadowed);
  return { run: compileResult(tree, scope, compiler), size: scope.size };
}

class Compiler implements CompileContext {
  readonly tupleNames: ReadonlySet<string>;
  readonly #shadowed: ReadonlySet<string>;

  constructor(tupleNames: ReadonlySet<string>, shadowed: ReadonlySet<string>) {
    this.tupleNames = tupleNames;
    this.#shadowed = shadowed;
  }

  isBuiltin(name: string, scope: Scope): boolean {
    return builtinNamed(name) !== undefined && !this.isBound(name, scope);
  }

  isBound(name: string, scope: Scope): boolean {
    return this.#shadowed.has(name) || scope.mayBind(name, this.tupleNames);
  }

  compile(node: AstNode, scope: Scope): Evaluate {
    const code = this.#withFilters(node, scope);
    if (code.plain) return code.run;
    const { run } = code;
    const keepArray = node.keepArray === true;
    return (input, frame) => {
      const value = run(input, frame);
      return Array.isArray(value) ? normalize(value, keepArray) : value;
    };
  }

  compileRaw(node: AstNode, scope: Scope): Evaluate {
    return this.#withFilters(node, scope).run;
  }

  compileOutput(node: AstNode, scope: Scope): Output {
    return compileOutput(node, scope, this);
  }

  compileTest(node: AstNode, scope: Scope): Test {
    if (!node.predicate && !node.group) {
      if (node.type === 'binary' && (node.value === 'and' || node.value === 'or')) {
        const left = this.compileTest(node.lhs, scope);
        const right = this.compileTest(node.rhs, scope);
        return node.value === 'and'
          ? (input, frame) => left(input, frame) && right(input, frame)
          : (input, frame) => left(input, frame) || right(input, frame);
      }
      const special = this.#booleanCall(node, scope) ?? compileRegexTest(node, scope, this);
      if (special) return special;
    }
    const run = this.compile(node, scope);
    return (input, frame) => {
      const value = run(input, frame);
      return typeof value === 'boolean' ? value : truthOf(value);
    };
  }

  /** `$boolean(x)` where only truth counts is the truth of x. */
  #booleanCall(node: AstNode, scope: Scope): Test | undefined {
    if (node.type !== 'function' || node.arguments.length !== 1) return undefined;
    const { procedure } = node;
    const [argument] = node.arguments;
    const isBoolean = procedure.type === 'variable' && procedure.value === 'boolean';
    if (!isBoolean || !argument || !this.isBuiltin('boolean', scope)) return undefined;
    return this.compileTest(argument, scope);
  }

  #withFilters(node: AstNode, scope: Scope): Code {
    let { run, plain: isPlain } = this.#node(node, scope);
    for (const stage of node.predicate ?? []) {
      if (stage.type !== 'filter') continue;
      const filter = compileFilter(stage.expr, scope, this);
      const before = run;
      run = (input, frame) => filter(before(input, frame), frame);
      isPlain = false;
    }
    if (node.group && node.type !== 'path') {
      const group = compileGroup(node.group, scope, this);
      const before = run;
      run = (input, frame) => group(before(input, frame), frame);
    }
    return { run, plain: isPlain };
  }

  #node(node: AstNode, scope: Scope): Code {
    switch (node.type) {
      case 'string':
      case 'number':
      case 'value':
        return constant(node.value);
      case 'name':
        return compileName(node.value);
      case 'path':
        return compilePath(node, scope, this);
      case 'variable':
        return compileVariable(node, scope, this);
      case 'function':
        return compileCall(node, scope, this);
      case 'lambda':
        return node.thunk && node.body.type === 'function'
          ? compileTailCall(node.body, scope, this)
          : compileLambda(node, scope, this);
      case 'binary':
        return compileBinary(node, scope, this);
      case 'condition':
        return compileCondition(node, scope, this);
      case 'block':
        return compileBlock(node, scope, this);
      case 'bind':
        return compileBind(node, scope, this);
      default:
        return this.#rarerNode(node, scope);
    }
  }

  #rarerNode(node: AstNode, scope: Scope): Code {
    switch (node.type) {
      case 'unary':
        if (node.value === '[') return compileArray(node, scope, this);
        if (node.value === '{') return compileObject(node, scope, this);
        return compileNegation(node, scope, this);
      case 'apply':
        return compileApply(node, scope, this);
      case 'partial':
        return compilePartial(node, scope, this);
      case 'regex':
        return compileRegex(node);
      case 'transform':
        return compileTransform(node, scope, this);
      case 'wildcard':
        return compileWildcard();
      case 'descendant':
        return compileDescendants();
      case 'parent':
        return compileParent(node.slot.label, scope);
      default:
        // A sort is compiled by its path, a placeholder by its call; elsewhere neither can stand.
        throw new ExpressionSyntaxError(
          'the expression cannot be parsed',
          'S0201',
          node.position ?? 0,
        );
    }
  }
}

function constant(value: unknown): Code {
  return plain(() => value);
}
