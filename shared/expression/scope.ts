/** The compile-time twin of a {@link Frame}: which name has which slot. */
import type { AstNode } from './ast.ts';

export class Scope {
  readonly parent: Scope | undefined;
  /** Whether the frame holds a tuple, whose names are known only at run time. */
  readonly isTuple: boolean;
  readonly #slots = new Map<string, number>();
  readonly #parameters: ReadonlySet<string>;

  /** @param parameters names that have a value from the start, be it nothing */
  constructor(
    parent: Scope | undefined,
    names: Iterable<string>,
    isTuple = false,
    parameters: readonly string[] = [],
  ) {
    this.parent = parent;
    this.isTuple = isTuple;
    this.#parameters = new Set(parameters);
    for (const name of [...parameters, ...names]) {
      if (!this.#slots.has(name)) this.#slots.set(name, this.#slots.size);
    }
  }

  /** Whether the slot of this name is never {@link UNSET}. */
  isParameter(name: string): boolean {
    return this.#parameters.has(name);
  }

  get size(): number {
    return this.#slots.size;
  }

  slotOf(name: string): number | undefined {
    return this.#slots.get(name);
  }

  /** Whether any enclosing scope may give this name a meaning. */
  mayBind(name: string, tupleNames: ReadonlySet<string>): boolean {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      if (scope.#slots.has(name) || (scope.isTuple && tupleNames.has(name))) return true;
    }
    return false;
  }
}

/** The names that `nodes` bind in their own scope, not in blocks and lambdas within them. */
export function boundNames(nodes: readonly unknown[]): Set<string> {
  const names = new Set<string>();
  for (const node of nodes) collect(node, names);
  return names;
}

function collect(part: unknown, names: Set<string>): void {
  if (Array.isArray(part)) {
    for (const member of part) collect(member, names);
    return;
  }
  if (!isNode(part) || part.type === 'block' || part.type === 'lambda') return;
  if (part.type === 'bind') names.add(part.lhs.value);
  for (const [key, member] of Object.entries(part)) if (key !== 'slot') collect(member, names);
}

function isNode(part: unknown): part is AstNode {
  return typeof part === 'object' && part !== null && !(part instanceof RegExp);
}

/** Every `@$name` and `#$name` of an expression. */
export function tupleNamesOf(part: unknown, names = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(part)) for (const member of part) tupleNamesOf(member, names);
  else if (isNode(part)) {
    for (const name of ownTupleNames(part)) names.add(name);
    for (const member of Object.values(part)) tupleNamesOf(member, names);
  }
  return names;
}

function ownTupleNames({ focus, index, stages }: AstNode): readonly string[] {
  const numbered = (stages ?? []).flatMap((stage) => (stage.type === 'index' ? [stage.value] : []));
  return [focus, index, ...numbered].filter((name) => name !== undefined);
}
