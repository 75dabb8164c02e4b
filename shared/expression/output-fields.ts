/** Which fields an expression makes, told from its text: see facts.ts. */
import type { AstNode, Pair } from './ast.ts';

/** Members that the expression makes, by path; `*` for one whose name is computed. */
export function outputFieldsOf(node: AstNode): readonly string[] {
  switch (node.type) {
    case 'path':
      return outputFieldsOf(node.steps.at(-1) ?? node);
    case 'block': {
      const last = node.expressions.at(-1);
      return last ? outputFieldsOf(last) : [];
    }
    case 'condition':
      return [...outputFieldsOf(node.then), ...(node.else ? outputFieldsOf(node.else) : [])];
    case 'unary':
      if (node.value === '[') return node.expressions.flatMap(outputFieldsOf);
      return node.value === '{' ? node.lhs.flatMap(fieldsOfPair) : [];
    default:
      return [];
  }
}

function fieldsOfPair([key, value]: Pair): readonly string[] {
  const name = key.type === 'string' ? String(key.value) : '*';
  const inner = outputFieldsOf(value);
  return inner.length === 0 ? [name] : inner.map((field) => `${name}.${field}`);
}
