/**
 * One layer over a mapping: what an environment or an account changes of it, field by field.
 *
 * Shape   `fields`: a field of the model, `custom_fields` as a whole, or one member of it,
 *         `custom_fields.region`. `write`: a member of the provider's input, `address.city`.
 * Source  docs/decisions/0012-mapping-layers.md
 */
import type { Expression } from '../../expression/expression.ts';
import type { ModelResource } from '../../integration/mapping/model.ts';
import type { MappedFilter, Mapping } from '../../integration/mapping/plan.ts';

/** Undefined version: it is stored nowhere. */
export interface LayerOrigin {
  readonly layer: 'environment' | 'account' | 'unsaved';
  readonly version?: number;
}

export type Operation =
  | { readonly op: 'set'; readonly expression: Expression }
  | { readonly op: 'unset' }
  | { readonly op: 'rename'; readonly to: string }
  | { readonly op: 'append'; readonly expression: Expression };

export interface Layer {
  readonly origin: LayerOrigin;
  readonly fields: ReadonlyMap<string, Operation>;
  /** None of them appends. */
  readonly write: ReadonlyMap<string, Operation>;
  /** Undefined: the filter is taken away. */
  readonly query: ReadonlyMap<string, MappedFilter | undefined>;
}

/** Where a field's value comes from. */
export interface Provenance {
  readonly layer: 'base' | LayerOrigin['layer'];
  readonly op: Operation['op'];
  readonly expression?: string;
  readonly version?: number;
  /** Of a renamed value: the field that it was under. */
  readonly from?: string;
  /** Of a field whose value was renamed away: where it went. */
  readonly to?: string;
  /** What was renamed or appended to. */
  readonly below?: Provenance;
}

export type ProvenanceOf = Readonly<Record<string, Provenance>>;

/** A mapping with any number of layers over it. */
export interface LayeredMapping {
  readonly mapping: Mapping;
  readonly model: ModelResource;
  readonly fields: ProvenanceOf;
  readonly write: ProvenanceOf;
}

const CUSTOM = 'custom_fields';
const CUSTOM_MEMBER = /^custom_fields\.((?!__proto__$)[^\p{Cc}]{1,128})$/u;

/** `region` of `custom_fields.region`: whatever follows the first dot. */
export function customName(field: string): string | undefined {
  return CUSTOM_MEMBER.exec(field)?.[1];
}

export function isCustomWhole(field: string): boolean {
  return field === CUSTOM;
}
