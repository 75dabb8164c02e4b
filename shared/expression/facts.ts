/**
 * What an expression does, told without running it: which of the input it reads, what it makes,
 * whether its cost has a bound. Where that cannot be told, the facts say more than is true, never
 * less: an input path that is read is always among {@link ExpressionFacts.inputPaths}.
 *
 * Shape  paths as `response.properties.email`; `*` is any member, `**` anything within, and the
 *        empty path the whole input
 */
import type { AstNode, CallNode, LambdaNode, Pair, PathNode, UnaryNode } from './ast.ts';
import { builtinNamed } from './functions/registry.ts';
import { outputFieldsOf } from './output-fields.ts';
import { parseExpression } from './parse.ts';

export interface ExpressionFacts {
  /** Whatever is read, with all that is within it. */
  readonly inputPaths: readonly string[];
  /** Members of the object that the expression makes: `email_addresses.email`. */
  readonly outputFields: readonly string[];
  /** Built-in functions by name, without the `$`. */
  readonly functions: readonly string[];
  /** The same result whatever the input, the time and chance. */
  readonly isConstant: boolean;
  /** No function calls itself: the cost is bounded by the size of the input. */
  readonly isBounded: boolean;
}

/** Input paths that a value may be; none for a value that is computed. */
type Places = readonly string[];
type Variables = ReadonlyMap<string, Places>;

const OF_TIME_OR_CHANCE = new Set(['now', 'millis', 'random', 'shuffle', 'toMillis']);
const WHOLE: Places = [''];

/** @throws ExpressionSyntaxError */
export function factsOf(text: string): ExpressionFacts {
  const tree = parseExpression(text);
  const reader = new FactReader();
  reader.use(tree, WHOLE, new Map());
  const functions = [...reader.functions].sort();
  const inputPaths = [...reader.reads].sort();
  return {
    inputPaths,
    outputFields: [...new Set(outputFieldsOf(tree))],
    functions,
    isConstant: inputPaths.length === 0 && !functions.some((name) => OF_TIME_OR_CHANCE.has(name)),
    isBounded: !reader.callsValues,
  };
}

class FactReader {
  readonly reads = new Set<string>();
  readonly functions = new Set<string>();
  /** Whether a function is called that is not known by name. */
  callsValues = false;

  /** Visits a node whose value is used as it is: all that it may be is read. */
  use(node: AstNode, context: Places, variables: Variables): Places {
    const places = this.visit(node, context, variables);
    for (const place of places) this.reads.add(place);
    return places;
  }

  visit(node: AstNode, context: Places, variables: Variables): Places {
    const places = this.#node(node, context, variables);
    for (const stage of [...(node.predicate ?? []), ...(node.stages ?? [])]) {
      if (stage.type === 'filter') this.use(stage.expr, places, variables);
    }
    if (!node.group) return places;
    this.#pairs(node.group.lhs, places, variables);
    return [];
  }

  #node(node: AstNode, context: Places, variables: Variables): Places {
    switch (node.type) {
      case 'name':
        return context.map((place) => within(place, node.value));
      case 'wildcard':
        return context.map((place) => within(place, '*'));
      case 'descendant':
        return context.map((place) => within(place, '**'));
      case 'path':
        return this.#path(node, context, variables);
      case 'variable':
        return this.#variable(node.value, context, variables);
      case 'parent':
        // Any ancestor: to be sure, all of the input is read.
        this.reads.add('');
        return [];
      case 'function':
      case 'partial':
        return this.#call(node, [], context, variables);
      case 'lambda':
        return this.#lambda(node, [], context, variables);
      case 'block':
        return this.#block(node.expressions, context, variables);
      case 'condition': {
        this.use(node.condition, context, variables);
        const otherwise = node.else ? this.visit(node.else, context, variables) : [];
        return [...this.visit(node.then, context, variables), ...otherwise];
      }
      case 'apply':
        return this.#apply(node.lhs, node.rhs, context, variables);
      default:
        this.#parts(node, context, variables);
        return [];
    }
  }

  /** Nodes whose value is computed from all their parts. */
  #parts(node: AstNode, context: Places, variables: Variables): void {
    switch (node.type) {
      case 'binary':
        this.use(node.lhs, context, variables);
        this.use(node.rhs, context, variables);
        break;
      case 'bind':
        this.use(node.rhs, context, variables);
        break;
      case 'sort':
        for (const term of node.terms) this.use(term.expression, context, variables);
        break;
      case 'transform':
        // Applied to a value that was read when it was passed on; `$$` may still be meant.
        for (const part of [node.pattern, node.update, node.delete]) {
          if (part) this.use(part, [], variables);
        }
        break;
      case 'unary':
        this.#unary(node, context, variables);
        break;
      default:
    }
  }

  #unary(node: UnaryNode, context: Places, variables: Variables): void {
    if (node.value === '{') this.#pairs(node.lhs, context, variables);
    else if (node.value === '-') this.use(node.expression, context, variables);
    else for (const part of node.expressions) this.use(part, context, variables);
  }

  #pairs(pairs: readonly Pair[], context: Places, variables: Variables): void {
    for (const [key, value] of pairs) {
      this.use(key, context, variables);
      this.use(value, context, variables);
    }
  }

  #path(path: PathNode, context: Places, variables: Variables): Places {
    let places = context;
    const scope = new Map(variables);
    for (const step of path.steps) {
      const found = this.visit(step, places, scope);
      if (step.index !== undefined) scope.set(step.index, []);
      if (step.focus === undefined) places = step.type === 'sort' ? places : found;
      else scope.set(step.focus, found);
    }
    return places;
  }

  #variable(name: string, context: Places, variables: Variables): Places {
    if (name === '') return context;
    if (name === '$') return WHOLE;
    const bound = variables.get(name);
    if (!bound && builtinNamed(name)) this.functions.add(name);
    return bound ?? [];
  }

  #block(parts: readonly AstNode[], context: Places, variables: Variables): Places {
    const scope = new Map(variables);
    let places: Places = [];
    for (const part of parts) {
      if (part.type === 'bind') {
        // A function's name is known within it, so that it may call itself.
        scope.set(part.lhs.value, []);
        places = this.use(part.rhs, context, scope);
        scope.set(part.lhs.value, places);
      } else places = this.visit(part, context, scope);
    }
    return places;
  }

  #apply(left: AstNode, right: AstNode, context: Places, variables: Variables): Places {
    const given = this.use(left, context, variables);
    if (right.type === 'function') return this.#call(right, [given], context, variables);
    this.use(right, context, variables);
    const isKnown =
      right.type === 'regex' || right.type === 'transform' || right.type === 'variable';
    if (!isKnown || (right.type === 'variable' && variables.has(right.value)))
      this.callsValues = true;
    return [];
  }

  #call(node: CallNode, given: readonly Places[], context: Places, variables: Variables): Places {
    const { procedure } = node;
    const name = procedure.type === 'variable' ? procedure.value : undefined;
    const isBuiltin =
      name !== undefined && !variables.has(name) && builtinNamed(name) !== undefined;
    if (isBuiltin) this.functions.add(name);
    else {
      this.callsValues = true;
      this.use(procedure, context, variables);
    }
    // A function that lacks an argument may take the context instead.
    if (given.length + node.arguments.length === 0)
      for (const place of context) this.reads.add(place);
    let [first = []] = given;
    node.arguments.forEach((argument, index) => {
      if (argument.type === 'operator') return;
      if (argument.type === 'lambda') this.#lambda(argument, first, context, variables);
      else {
        const places = this.use(argument, context, variables);
        if (index === 0 && given.length === 0) first = places;
      }
    });
    return [];
  }

  /** @param first what its first parameter may be */
  #lambda(node: LambdaNode, first: Places, context: Places, variables: Variables): Places {
    const scope = new Map(variables);
    for (const [index, argument] of node.arguments.entries()) {
      scope.set(argument.value, index === 0 ? first : []);
    }
    this.use(node.body, context, scope);
    return [];
  }
}

function within(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`;
}
