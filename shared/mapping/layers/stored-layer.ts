/**
 * A stored override as a layer over mappings: read for a resource when that is first asked for, so
 * that what no longer fits one resource stops none of the others.
 *
 * Errors  {@link InvalidOverrideError}
 */
import { createCompileContext, toFaults } from '../../integration/template/context.ts';
import { CallerError, type Fault } from '../../kernel/errors.ts';
import { isJsonObject } from '../../kernel/json.ts';
import type { LayeredMapping, LayerOrigin } from './layer.ts';
import { overlay } from './overlay.ts';
import { type Ground, readLayer } from './read-layer.ts';

/** The layer says what cannot be; `faults` lists it all. */
export class InvalidOverrideError extends CallerError {
  override readonly name = 'InvalidOverrideError';
  readonly code = 'invalid_override';
  readonly status = 422;
  override readonly faults: readonly Fault[];

  constructor(message: string, faults: readonly Fault[], detail: CallerError['detail'] = {}) {
    super(message, detail);
    this.faults = faults;
  }
}

/** A mapping of the catalogue, and what layers over it may name. */
export interface Base {
  readonly layered: LayeredMapping;
  readonly ground: Ground;
}

export interface StoredLayer {
  /** An override, as it was put. */
  readonly document: unknown;
  readonly origin: LayerOrigin;
}

/**
 * @param layers lowest first
 * @throws InvalidOverrideError
 */
export function overlayAll(base: Base, layers: readonly StoredLayer[]): LayeredMapping {
  return layers.reduce(
    (below, { document, origin }) => overlayDocument(below, document, base.ground, origin),
    base.layered,
  );
}

/** The resource's part of an override; undefined where it says nothing of it. */
function partOf(document: unknown, resource: string): unknown {
  const mappings = isJsonObject(document) ? document['mappings'] : undefined;
  return isJsonObject(mappings) && Object.hasOwn(mappings, resource)
    ? mappings[resource]
    : undefined;
}

/**
 * `below` itself where the override says nothing of its resource.
 *
 * @throws InvalidOverrideError
 */
export function overlayDocument(
  below: LayeredMapping,
  document: unknown,
  ground: Ground,
  origin: LayerOrigin,
): LayeredMapping {
  const { model, resource } = below.mapping;
  const name = `${model}/${resource}`;
  const part = partOf(document, name);
  if (part === undefined) return below;
  const context = createCompileContext();
  const layer = readLayer(part, ['mappings', name], ground, origin, context);
  if (context.faults.length === 0) return overlay(below, layer);
  const message = 'a layer over the mapping does not fit it any more';
  throw new InvalidOverrideError(message, toFaults(context.faults), {
    layer: origin.layer,
    ...(origin.version === undefined ? {} : { version: origin.version }),
    resource: name,
  });
}
