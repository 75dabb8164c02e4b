/** The syntax tree as the `jsonata` package's parser makes it. */

interface NodeBase {
  readonly position?: number;
  readonly predicate?: readonly Stage[];
  readonly stages?: readonly Stage[];
  readonly group?: Group;
  readonly keepArray?: boolean;
  /** This step carries bindings along: `@`, `#` or an ancestor is asked for. */
  readonly tuple?: boolean;
  readonly focus?: string;
  readonly index?: string;
  readonly ancestor?: AncestorSlot;
  readonly consarray?: boolean;
}

export interface AncestorSlot {
  readonly label: string;
}

export type Pair = readonly [AstNode, AstNode];

export interface Group {
  readonly lhs: readonly Pair[];
  readonly position?: number;
}

export type Stage =
  | { readonly type: 'filter'; readonly expr: AstNode; readonly position?: number }
  | { readonly type: 'index'; readonly value: string };

export interface SortTerm {
  readonly descending: boolean;
  readonly expression: AstNode;
}

export interface PathNode extends NodeBase {
  readonly type: 'path';
  readonly steps: readonly AstNode[];
  readonly keepSingletonArray?: boolean;
}
export interface BinaryNode extends NodeBase {
  readonly type: 'binary';
  readonly value: string;
  readonly lhs: AstNode;
  readonly rhs: AstNode;
}
export type UnaryNode = NodeBase & { readonly type: 'unary' } & (
    | { readonly value: '-'; readonly expression: AstNode }
    | { readonly value: '['; readonly expressions: readonly AstNode[] }
    | { readonly value: '{'; readonly lhs: readonly Pair[] }
  );
export type ArrayNode = Extract<UnaryNode, { value: '[' }>;
export type ObjectNode = Extract<UnaryNode, { value: '{' }>;
export interface NameNode extends NodeBase {
  readonly type: 'name';
  readonly value: string;
}
export interface LiteralNode extends NodeBase {
  readonly type: 'string' | 'number' | 'value';
  readonly value: string | number | boolean | null;
}
export interface WildcardNode extends NodeBase {
  readonly type: 'wildcard' | 'descendant';
}
export interface ParentNode extends NodeBase {
  readonly type: 'parent';
  readonly slot: AncestorSlot;
}
export interface ConditionNode extends NodeBase {
  readonly type: 'condition';
  readonly condition: AstNode;
  readonly then: AstNode;
  readonly else?: AstNode;
}
export interface BlockNode extends NodeBase {
  readonly type: 'block';
  readonly expressions: readonly AstNode[];
}
export interface BindNode extends NodeBase {
  readonly type: 'bind';
  readonly lhs: VariableNode;
  readonly rhs: AstNode;
}
export interface VariableNode extends NodeBase {
  readonly type: 'variable';
  readonly value: string;
}
export interface RegexNode extends NodeBase {
  readonly type: 'regex';
  readonly value: RegExp;
}
export interface CallNode extends NodeBase {
  readonly type: 'function' | 'partial';
  readonly procedure: AstNode;
  readonly arguments: readonly AstNode[];
}
export interface LambdaNode extends NodeBase {
  readonly type: 'lambda';
  readonly arguments: readonly VariableNode[];
  readonly body: AstNode;
  readonly signature?: { readonly definition: string };
  /** A call in tail position, wrapped by the parser. */
  readonly thunk?: boolean;
}
export interface ApplyNode extends NodeBase {
  readonly type: 'apply';
  readonly lhs: AstNode;
  readonly rhs: AstNode;
}
export interface TransformNode extends NodeBase {
  readonly type: 'transform';
  readonly pattern: AstNode;
  readonly update: AstNode;
  readonly delete?: AstNode;
}
export interface SortNode extends NodeBase {
  readonly type: 'sort';
  readonly terms: readonly SortTerm[];
}
/** The `?` of a partial application. */
export interface PlaceholderNode extends NodeBase {
  readonly type: 'operator';
  readonly value: string;
}

export type AstNode =
  | PathNode
  | BinaryNode
  | UnaryNode
  | NameNode
  | LiteralNode
  | WildcardNode
  | ParentNode
  | ConditionNode
  | BlockNode
  | BindNode
  | VariableNode
  | RegexNode
  | CallNode
  | LambdaNode
  | ApplyNode
  | TransformNode
  | SortNode
  | PlaceholderNode;
