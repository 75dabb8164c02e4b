/** What must hold within one method for its list to be asked for piece by piece. */
import { isJsonObject } from '../../kernel/json.ts';
import type { Method, Resource } from '../method/plan.ts';
import { knownParams } from '../pieces/partition.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';

interface PieceUse {
  /** What `method` was compiled from. */
  readonly source: unknown;
  readonly method: Method;
  readonly resource: Resource;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly path: SourcePath;
}

export function checkPieceUses(use: PieceUse, context: CompileContext): void {
  const { method, path } = use;
  const isPieced = method.partitions.length > 0 || method.properties || method.job;
  if (isPieced && !method.records && !method.record) {
    context.fault(path, 'a method that is asked for piece by piece needs records or record');
  }
  for (const index of method.partitions.keys()) checkPartition(use, index, context);
  if (method.properties) checkProperties(use, context);
  if (method.job && method.incremental?.window) {
    context.fault([...path, 'job'], 'must not stand beside a window of incremental');
  }
}

function checkPartition(use: PieceUse, index: number, context: CompileContext): void {
  const { method, resources } = use;
  const partition = method.partitions[index];
  if (!partition) return;
  const path = [...use.path, 'partitions', index];
  const { param, parent, key, fields, batch, changedOnly } = partition;
  const before = method.partitions.slice(0, index);
  if (before.some((other) => other.param === param)) {
    context.fault([...path, 'param'], 'is filled by another partition already');
  }
  if (!isUsed(use, index, param)) context.fault([...path, 'param'], 'is used by no request');
  if (batch !== undefined && Object.keys(fields).length > 0) {
    context.fault([...path, 'fields'], 'must not stand beside batch');
  }
  const above = parent && resources[parent.resource];
  if (above && !key && !above.id) {
    context.fault([...path, 'key'], 'is needed: the parent says no id');
  }
  if (above && changedOnly && !above.methods[parent.method]?.incremental) {
    context.fault([...path, 'changed_only'], 'needs a parent that is incremental');
  }
}

/** In the method's requests, or by a parent that comes after it. */
function isUsed({ source, method, resources }: PieceUse, index: number, param: string): boolean {
  if (isJsonObject(source)) {
    const { params: _, partitions: _others, map: _map, filter: _filter, ...requests } = source;
    if (lookUp(param).test(JSON.stringify(requests))) return true;
  }
  return method.partitions.slice(index + 1).some(({ parent }) => {
    const later = parent && resources[parent.resource]?.methods[parent.method];
    return later !== undefined && knownParams(later).includes(param);
  });
}

/** `params.x`, `params` as a whole, or `id` for the parameter of that name. */
function lookUp(param: string): RegExp {
  const id = param === 'id' ? '|\\{\\{\\s*id\\s*\\}\\}|\\bid\\b' : '';
  return new RegExp(`\\bparams\\s*\\.\\s*(\`|\\\\")?${param}\\b|\\bparams\\b(?!\\s*[.])${id}`);
}

function checkProperties({ method, resource, path }: PieceUse, context: CompileContext): void {
  if (method.properties?.chunk === undefined) return;
  const at = [...path, 'properties', 'chunk'];
  if (!resource.id) context.fault(at, 'needs the id of the resource, to join records by');
  if (method.job) context.fault(at, 'must not stand beside a job');
  if (method.incremental?.mode === 'feed') context.fault(at, 'must not stand beside a feed');
}
