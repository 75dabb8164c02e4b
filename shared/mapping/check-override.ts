/**
 * An override before it is stored: everything that is wrong with it, at once, each fault with its
 * path. What it changes must exist: in the catalogue, in the model, in the layers below it.
 *
 * Errors  InvalidOverrideError
 */
import type { Catalogue } from '../integration/catalogue/catalogue.ts';
import {
  type CompileContext,
  createCompileContext,
  type SourcePath,
  toFaults,
} from '../integration/template/context.ts';
import { isJsonObject } from '../kernel/json.ts';
import { findBase } from './effective-mapping.ts';
import { customName, type Layer, type LayeredMapping, type LayerOrigin } from './layers/layer.ts';
import { isWithin } from './layers/overlay-write.ts';
import { type OverrideDocument, overrideDocument } from './layers/override-schema.ts';
import { readLayer } from './layers/read-layer.ts';
import { readMembers } from './layers/read-members.ts';
import { InvalidOverrideError, overlayAll, type StoredLayer } from './layers/stored-layer.ts';

export interface CheckOverrideDeps {
  readonly catalogue: Catalogue;
  readonly integration: string;
  readonly layer: LayerOrigin['layer'];
  /** Layers below this one, lowest first. */
  readonly below: readonly StoredLayer[];
}

/** @throws InvalidOverrideError */
export function checkOverride(document: unknown, deps: CheckOverrideDeps): OverrideDocument {
  const context = createCompileContext();
  const rest = withoutConfig(document, context);
  const { mappings = {} } = readMembers(['mappings'], rest, [], context);
  for (const [name, part] of Object.entries(mappings)) checkPart(name, part, deps, context);
  if (context.faults.length === 0) return overrideDocument.parse(rest);
  throw new InvalidOverrideError('the override is not valid', toFaults(context.faults));
}

/** Named by the contract, and not there yet: whoever sends it must not think that it took effect. */
function withoutConfig(document: unknown, context: CompileContext): unknown {
  if (!isJsonObject(document) || !Object.hasOwn(document, 'config')) return document;
  context.fault(['config'], 'is not supported yet: an override changes mappings alone');
  const { config: _, ...rest } = document;
  return rest;
}

function checkPart(
  name: string,
  part: unknown,
  deps: CheckOverrideDeps,
  context: CompileContext,
): void {
  const path = ['mappings', name];
  const [model = '', resource = '', ...more] = name.split('/');
  const base =
    more.length === 0 ? findBase(deps.catalogue, deps.integration, model, resource) : undefined;
  if (!base) {
    context.fault(path, 'the integration maps no such resource');
    return;
  }
  const faultsBefore = context.faults.length;
  const layer = readLayer(part, path, base.ground, { layer: deps.layer }, context);
  // What a faulty layer would make of those below it says nothing more.
  if (context.faults.length > faultsBefore) return;
  const below = overlayAll(base, deps.below);
  checkEffect(layer, below, path, context);
}

/** An operation on what is not there is a name misspelt. */
function checkEffect(
  layer: Layer,
  { mapping }: LayeredMapping,
  path: SourcePath,
  context: CompileContext,
): void {
  for (const [field, { op }] of layer.fields) {
    if (op !== 'rename' || customName(field) !== undefined) continue;
    if (Object.hasOwn(mapping.fields, field)) continue;
    context.fault([...path, 'fields', field, op], 'no layer below gives this field a value');
  }
  const written = Object.keys(mapping.write ?? {});
  for (const [member, { op }] of layer.write) {
    if (op === 'set' || written.some((known) => isWithin(known, member))) continue;
    context.fault([...path, 'write', member, op], 'no layer below writes this member');
  }
  for (const [name, filter] of layer.query) {
    if (filter || Object.hasOwn(mapping.query, name)) continue;
    context.fault([...path, 'query', name], 'no layer below has this filter');
  }
}
