/**
 * A layer that is tried and not stored: a whole override, or the part of one resource.
 *
 * Errors  InvalidOverrideError; its paths begin with `layer`
 */

import type { Catalogue } from '../integration/catalogue/catalogue.ts';
import { pathText } from '../integration/template/context.ts';
import type { JsonObject } from '../kernel/json.ts';
import { checkOverride } from './check-override.ts';
import { InvalidOverrideError, type StoredLayer } from './layers/stored-layer.ts';

export interface TriedResource {
  readonly integration: string;
  readonly model: string;
  readonly resource: string;
}

/** @throws InvalidOverrideError */
export function checkTrial(
  layer: JsonObject,
  catalogue: Catalogue,
  { integration, model, resource }: TriedResource,
  below: readonly StoredLayer[],
): StoredLayer {
  const isWhole = Object.hasOwn(layer, 'mappings') || Object.hasOwn(layer, 'config');
  const name = `${model}/${resource}`;
  const document = isWhole ? layer : { mappings: { [name]: layer } };
  const origin = { layer: 'unsaved' } as const;
  try {
    const deps = { catalogue, integration, layer: origin.layer, below };
    return { document: checkOverride(document, deps), origin };
  } catch (error) {
    if (!(error instanceof InvalidOverrideError)) throw error;
    const written = isWhole ? '' : pathText(['mappings', name]);
    const faults = error.faults.map((fault) => ({
      ...fault,
      path: joined(fault.path.slice(fault.path.startsWith(written) ? written.length : 0)),
    }));
    throw new InvalidOverrideError(error.message, faults, error.detail);
  }
}

function joined(path: string): string {
  return path === '' || path.startsWith('.') || path.startsWith('[')
    ? `layer${path}`
    : `layer.${path}`;
}
