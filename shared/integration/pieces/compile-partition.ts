/** A method's partitions and properties and a resource's discovery, compiled. */

import { mapRecord } from '../../kernel/map-record.ts';
import type { CompileContext, SourcePath } from '../template/context.ts';
import type { Discovered, Partition, Properties } from './partition.ts';
import type { DiscoveredSource, PartitionSource, PropertiesSource } from './partition-source.ts';

/** `path` ends in `partitions`. */
export function compilePartitions(
  sources: readonly PartitionSource[],
  path: SourcePath,
  context: CompileContext,
): readonly Partition[] {
  return sources.map((source, index) => compilePartition(source, [...path, index], context));
}

function compilePartition(
  source: PartitionSource,
  path: SourcePath,
  context: CompileContext,
): Partition {
  const { values, parent } = source;
  return {
    param: source.param,
    values:
      values === undefined || Array.isArray(values)
        ? values
        : context.expression(values.expr, [...path, 'values', 'expr']),
    parent: parent === undefined ? undefined : { resource: parent, method: source.method },
    key: context.optionalExpression(source.key, [...path, 'key']),
    fields: mapRecord(source.fields, (text, name) =>
      context.expression(text, [...path, 'fields', name]),
    ),
    changedOnly: source.changed_only,
    batch: source.batch,
  };
}

/** `path` ends in `properties`. */
export function compileProperties(
  source: PropertiesSource | undefined,
  path: SourcePath,
  context: CompileContext,
): Properties | undefined {
  if (!source) return undefined;
  const { names, from, param, separator, chunk } = source;
  return {
    names,
    from: from && {
      resource: from.resource,
      method: from.method,
      name: context.expression(from.name, [...path, 'from', 'name']),
    },
    param,
    separator,
    chunk,
  };
}

/** `path` ends in `discovered`. */
export function compileDiscovered(
  source: DiscoveredSource | undefined,
  path: SourcePath,
  context: CompileContext,
): Discovered | undefined {
  if (!source) return undefined;
  return {
    from: { resource: source.from, method: source.method },
    name: context.expression(source.name, [...path, 'name']),
    param: source.param,
  };
}
