/**
 * A mapping with a layer over it: the later layer has the last word on each field that it names, and
 * says nothing of the others.
 */
import type { Expression } from '../../expression/expression.ts';
import type { ModelResource } from '../../integration/mapping/model.ts';
import type { MappedFilter, Mapping } from '../../integration/mapping/plan.ts';
import type { Layer, LayeredMapping, Provenance, ProvenanceOf } from './layer.ts';
import { overlayFields } from './overlay-fields.ts';
import { overlayWrite } from './overlay-write.ts';

/** The integration's own mapping, before any layer. */
export function baseMapping(mapping: Mapping, model: ModelResource): LayeredMapping {
  const unset: Provenance = { layer: 'base', op: 'unset' };
  const names = Object.keys(model.properties);
  return {
    mapping,
    model,
    fields: {
      ...Object.fromEntries(names.map((name) => [name, unset])),
      ...ownProvenance(mapping.fields),
    },
    write: ownProvenance(mapping.write ?? {}),
  };
}

export function overlay(below: LayeredMapping, layer: Layer): LayeredMapping {
  const { fields, provenance } = overlayFields(below, layer);
  const { write, provenance: written } = overlayWrite(below, layer);
  const query = overlayQuery(below.mapping.query, layer.query);
  return {
    mapping: { ...below.mapping, fields, write, query },
    model: below.model,
    fields: provenance,
    write: written,
  };
}

function ownProvenance(expressions: Readonly<Record<string, Expression>>): ProvenanceOf {
  const sets = Object.entries(expressions).map(([name, { text }]): [string, Provenance] => [
    name,
    { layer: 'base', op: 'set', expression: text },
  ]);
  return Object.fromEntries(sets);
}

function overlayQuery(below: Mapping['query'], layer: Layer['query']): Mapping['query'] {
  const query = new Map<string, MappedFilter>(Object.entries(below));
  for (const [name, filter] of layer) {
    if (filter) query.set(name, filter);
    else query.delete(name);
  }
  return Object.fromEntries(query);
}
