/**
 * YAML with the line of every value, so that a fault can say where it stands.
 *
 * Source  YAML 1.2; the core schema, under which `no` is a text and times are texts
 */
import {
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import type { Fault } from '../../kernel/errors.ts';
import { type LocatedFault, pathText, type SourcePath } from '../template/context.ts';

export interface YamlSource {
  /** Undefined where the text is no YAML. */
  readonly value: unknown;
  readonly faults: readonly Fault[];
  /** Adds path and line. Where the path leads nowhere, the line of what it got to. */
  locate(fault: LocatedFault): Fault;
}

/** JSON is YAML, so both are read. */
export function parseYaml(text: string): YamlSource {
  const lines = new LineCounter();
  // The parser compares each key with each other one; the index below does not.
  const options = { schema: 'core', merge: false, uniqueKeys: false } as const;
  const document = parseDocument(text, { ...options, lineCounter: lines });
  const faults = [...document.errors, ...document.warnings].map(
    (problem): Fault => ({
      path: '',
      message: `the text is not YAML (${problem.code.toLowerCase()})`,
      line: lines.linePos(problem.pos[0]).line,
    }),
  );
  visit(document, {
    // A few lines of aliases could grow into gigabytes.
    Alias: (_key, node) => {
      const { line } = lines.linePos(startOf(node));
      faults.push({ path: '', message: 'the text holds an alias', line });
    },
    Map: (_key, map) => {
      for (const key of indexOf(map).repeated) {
        const { line } = lines.linePos(startOf(key));
        faults.push({ path: '', message: 'the text is not YAML (duplicate_key)', line });
      }
    },
  });
  const lineOf = (path: SourcePath) => lines.linePos(offsetOf(document.contents, path)).line;
  return {
    value: faults.length > 0 ? undefined : document.toJS(),
    faults,
    locate: ({ at, message }) => ({ path: pathText(at), message, line: lineOf(at) }),
  };
}

/** Where the value at `path` begins; for a member of a map, where its key does. */
function offsetOf(root: unknown, path: SourcePath): number {
  let node = root;
  let offset = startOf(root);
  for (const step of path) {
    const next = childOf(node, step);
    if (!next) break;
    node = next.value;
    offset = next.offset;
  }
  return offset;
}

interface Child {
  readonly value: unknown;
  readonly offset: number;
}

function childOf(node: unknown, step: string | number): Child | undefined {
  if (isMap(node)) {
    const pair = indexOf(node).pairs.get(String(step));
    return pair && { value: pair.value, offset: startOf(pair.key) };
  }
  if (!isNode(node) || !('items' in node) || !Array.isArray(node.items)) return undefined;
  const item: unknown = node.items[Number(step)];
  if (item === undefined || isPair(item)) return undefined;
  return { value: item, offset: startOf(item) };
}

interface MapIndex {
  readonly pairs: ReadonlyMap<string, Pair>;
  /** Keys that stand there a second time. */
  readonly repeated: readonly unknown[];
}

const indexes = new WeakMap<YAMLMap, MapIndex>();

/** The members of a map by key: a text of a stranger may have tens of thousands. */
function indexOf(map: YAMLMap): MapIndex {
  const known = indexes.get(map);
  if (known) return known;
  const pairs = new Map<string, Pair>();
  const repeated: unknown[] = [];
  for (const pair of map.items) {
    if (!isScalar(pair.key)) continue;
    const name = String(pair.key.value);
    if (pairs.has(name)) repeated.push(pair.key);
    else pairs.set(name, pair);
  }
  indexes.set(map, { pairs, repeated });
  return { pairs, repeated };
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
