/**
 * An account's mappings: base ← environment ← account, merged into one and kept.
 *
 * Stored layers are read at most once a minute for each environment and integration and for each
 * account, whether there is one or not: a change takes effect everywhere within that minute. What
 * was made of a layer is kept for as long as its version stays the same; without layers it is the
 * catalogue's own object.
 *
 * Units   milliseconds
 * Errors  InvalidOverrideError, for the resource that a stored layer does not fit
 */
import type { Table } from '../aws/table.ts';
import type { Catalogue } from '../integration/catalogue/catalogue.ts';
import type { Mapping } from '../integration/mapping/plan.ts';
import type { Clock } from '../kernel/clock.ts';
import { type KeptLayers, keepLayers } from './layers/kept-layers.ts';
import { baseMapping } from './layers/overlay.ts';
import type { Base } from './layers/stored-layer.ts';
import type { FindMapping } from './mapping-source.ts';
import { createReadOverride } from './override-store.ts';

export interface EffectiveMappingDeps {
  readonly table: Pick<Table, 'get'>;
  readonly catalogue: Catalogue;
  readonly clock: Pick<Clock, 'now'>;
}

export function createFindMapping({ table, catalogue, clock }: EffectiveMappingDeps): FindMapping {
  const read = createReadOverride(table);
  const layers: KeptLayers = keepLayers({ read, clock });
  const bases = new WeakMap<Mapping, Base>();
  const findKept = (integration: string, model: string, resource: string): Base | undefined => {
    const mapping = catalogue.mapping(integration, model, resource);
    const known = mapping && bases.get(mapping);
    if (!mapping || known) return known;
    const made = findBase(catalogue, integration, model, resource);
    if (made) bases.set(mapping, made);
    return made;
  };
  return async ({ environmentId, integration, id }, model, resource) => {
    const base = findKept(integration, model, resource);
    if (!base) return undefined;
    const [environment, account] = await Promise.all([
      layers.of('environment', { environmentId, integration }),
      layers.of('account', { accountId: id }),
    ]);
    const inEnvironment = environment(base.layered, base.ground);
    return account(inEnvironment, base.ground).mapping;
  };
}

/** Undefined where the integration does not map the resource. */
export function findBase(
  catalogue: Catalogue,
  integrationName: string,
  modelName: string,
  resourceName: string,
): Base | undefined {
  const mapping = catalogue.mapping(integrationName, modelName, resourceName);
  const model = own(catalogue.model(modelName)?.resources, resourceName);
  const resource =
    mapping && own(catalogue.integration(integrationName)?.resources, mapping.source);
  if (!mapping || !model || !resource) return undefined;
  return { layered: baseMapping(mapping, model), ground: { model, resource } };
}

function own<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  name: string,
): Value | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}
