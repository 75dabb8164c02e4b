/**
 * What a layer changes of the provider's input. An operation on `address` means everything below
 * `address.` too: what lower layers put there goes away, or moves along.
 */
import type { Expression } from '../../expression/expression.ts';
import type { Layer, LayeredMapping, Operation, Provenance, ProvenanceOf } from './layer.ts';

export interface LayeredWrite {
  readonly write: Readonly<Record<string, Expression>> | undefined;
  readonly provenance: ProvenanceOf;
}

export function overlayWrite(below: LayeredMapping, layer: Layer): LayeredWrite {
  if (layer.write.size === 0) return { write: below.mapping.write, provenance: below.write };
  const operations = [...layer.write];
  const taken = operations.flatMap(([member, operation]) =>
    operation.op === 'rename' ? [member, operation.to] : [member],
  );
  const isKept = ([path]: readonly [string, unknown]) =>
    !taken.some((member) => isWithin(path, member));
  const source = sourceOf(layer);
  const put = operations.flatMap(([member, operation]) => putBy(member, operation, below, source));
  return {
    write: Object.fromEntries([
      ...Object.entries(below.mapping.write ?? {}).filter(isKept),
      ...put.map(({ path, expression }) => [path, expression] as const),
    ]),
    provenance: Object.fromEntries([
      ...Object.entries(below.write).filter(isKept),
      ...operations.flatMap(([member, operation]) => goneBy(member, operation, source)),
      ...put.map(({ path, provenance }) => [path, provenance] as const),
    ]),
  };
}

/** Whether `path` is `member` or leads into it. */
export function isWithin(path: string, member: string): boolean {
  return path === member || path.startsWith(`${member}.`);
}

type Source = Pick<Provenance, 'layer' | 'version'>;

function sourceOf({ origin: { layer, version } }: Layer): Source {
  return version === undefined ? { layer } : { layer, version };
}

interface Put {
  readonly path: string;
  readonly expression: Expression;
  readonly provenance: Provenance;
}

function putBy(
  member: string,
  operation: Operation,
  below: LayeredMapping,
  source: Source,
): readonly Put[] {
  if (operation.op === 'set') {
    const { expression } = operation;
    const provenance = { ...source, op: 'set', expression: expression.text } as const;
    return [{ path: member, expression, provenance }];
  }
  if (operation.op !== 'rename') return [];
  return Object.entries(below.mapping.write ?? {})
    .filter(([from]) => isWithin(from, member))
    .map(([from, expression]): Put => {
      const known = Object.hasOwn(below.write, from) ? below.write[from] : undefined;
      const provenance = { ...source, op: 'rename', from, ...(known && { below: known }) } as const;
      return { path: operation.to + from.slice(member.length), expression, provenance };
    });
}

function goneBy(
  member: string,
  operation: Operation,
  source: Source,
): readonly (readonly [string, Provenance])[] {
  if (operation.op === 'unset') return [[member, { ...source, op: 'unset' }]];
  if (operation.op !== 'rename') return [];
  return [[member, { ...source, op: 'rename', to: operation.to }]];
}
