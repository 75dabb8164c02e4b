/** Looks into expressions: their trees, and their text without what is quoted. */
import type { AstNode, PathNode } from '#shared/expression/ast.ts';
import { parseExpression } from '#shared/expression/parse.ts';

/** Every node of the tree, each with the node that holds it. */
export function nodesOf(text: string): readonly { node: AstNode; holder: AstNode | undefined }[] {
  const found: { node: AstNode; holder: AstNode | undefined }[] = [];
  const visit = (part: unknown, holder: AstNode | undefined): void => {
    if (typeof part !== 'object' || part === null || part instanceof RegExp) return;
    const node = isNode(part) ? part : undefined;
    if (node) found.push({ node, holder });
    for (const member of Object.values(part)) visit(member, node ?? holder);
  };
  visit(parseExpression(text), undefined);
  return found;
}

function isNode(part: object): part is AstNode {
  return 'type' in part && typeof part.type === 'string' && part.type !== 'filter';
}

const QUOTED = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g;

/** The text with what is quoted taken out: names in back-ticks and literals. */
export function unquoted(text: string): string {
  return text.replaceAll(QUOTED, "''");
}

/** A path of plain names: `body.meta.has_more`. Undefined for anything else. */
export function plainPath(text: string): readonly string[] | undefined {
  const tree = parseExpression(text);
  return tree.type === 'path' ? namesOf(tree) : undefined;
}

export function namesOf(path: PathNode): readonly string[] | undefined {
  const names: string[] = [];
  for (const step of path.steps) {
    if (step.type !== 'name' || step.predicate || step.stages || step.group) return undefined;
    names.push(step.value);
  }
  return names;
}
