/**
 * Tries a mapping on a sample: what comes out, where each field comes from, and what went wrong. It all
 * happens in memory and is forgotten: the sample goes nowhere but into the answer.
 *
 * Errors  InvalidOverrideError for the layer that is tried; what is wrong with the sample is a result
 */

import type { Fault } from '../kernel/errors.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { createMapAttempt } from './apply.ts';
import { createWriteAttempt } from './apply-write.ts';
import type { LayeredMapping, ProvenanceOf } from './layers/layer.ts';
import { type Base, overlayAll, type StoredLayer } from './layers/stored-layer.ts';

export interface Sample {
  readonly direction: 'read' | 'write';
  /** A provider's record to read, or a unified one to write. */
  readonly value: JsonObject;
  readonly params: Readonly<Record<string, Json>>;
  readonly conn: Readonly<Record<string, string>>;
  readonly id?: string;
}

export interface MappingTrial {
  /** What could be made; a field that failed is null, or left out of what is written. */
  readonly output: JsonObject | null;
  readonly provenance: ProvenanceOf;
  /** Field and reason; no value. */
  readonly errors: readonly Fault[];
}

/** @param layers over the base, lowest first */
export function tryMapping(
  base: Base,
  layers: readonly StoredLayer[],
  sample: Sample,
): MappingTrial {
  const layered = overlayAll(base, layers);
  return sample.direction === 'read' ? tryRead(layered, sample) : tryWrite(layered, sample);
}

function tryRead({ mapping, model, fields }: LayeredMapping, sample: Sample): MappingTrial {
  const attempt = createMapAttempt(mapping, model);
  const { record, failures, misfits } = attempt(sample.value, sample);
  const errors = [...failures, ...misfits].map(({ path, reason }) => ({ path, message: reason }));
  return { output: record, provenance: fields, errors };
}

function tryWrite({ mapping, write }: LayeredMapping, sample: Sample): MappingTrial {
  if (!mapping.write) {
    const message = 'the mapping does not write this resource';
    return { output: null, provenance: write, errors: [{ path: '', message }] };
  }
  const { input, faults } = createWriteAttempt(mapping)(sample.value, sample);
  return { output: input, provenance: write, errors: faults };
}
