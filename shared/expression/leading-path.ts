/**
 * Where an expression looks first: the members that it goes through before it does anything else.
 *
 * An expression over an empty list yields nothing, and so does one over a list that is not there.
 * Whoever must tell the two apart looks at the place itself.
 *
 * Shape  `body.data.nodes[kind = 'x'].id` → `[['body', 'data', 'nodes', 'id']]`; several where a
 *        condition chooses, none where the expression looks nowhere
 */
import type { AstNode, PathNode } from './ast.ts';
import { parseExpression } from './parse.ts';

/** @throws ExpressionSyntaxError */
export function leadingPathsOf(text: string): readonly (readonly string[])[] {
  return pathsOf(parseExpression(text));
}

function pathsOf(node: AstNode): readonly (readonly string[])[] {
  switch (node.type) {
    case 'name':
      return [[node.value]];
    case 'path':
      return ofPath(node);
    case 'block': {
      const last = node.expressions.at(-1);
      return last ? pathsOf(last) : [];
    }
    case 'condition':
      return [...pathsOf(node.then), ...(node.else ? pathsOf(node.else) : [])];
    case 'apply':
      return pathsOf(node.lhs);
    case 'function': {
      const [first] = node.arguments;
      return first ? pathsOf(first) : [];
    }
    default:
      return [];
  }
}

function ofPath({ steps }: PathNode): readonly (readonly string[])[] {
  const [first, ...rest] = steps;
  if (!first) return [];
  const end = rest.findIndex(({ type }) => type !== 'name');
  const names = (end < 0 ? rest : rest.slice(0, end)).flatMap((step) =>
    step.type === 'name' ? [step.value] : [],
  );
  return pathsOf(first).map((path) => [...path, ...names]);
}
