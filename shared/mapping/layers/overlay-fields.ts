/**
 * The fields of a layer over those below it. All of a layer's operations mean the values below the
 * layer, so that two fields can change places; what one of them takes away, another may fill.
 */
import type { Expression } from '../../expression/expression.ts';
import type { ModelResource } from '../../integration/mapping/model.ts';
import { invariant } from '../../kernel/invariant.ts';
import {
  customName,
  isCustomWhole,
  type Layer,
  type LayeredMapping,
  type Operation,
  type Provenance,
  type ProvenanceOf,
} from './layer.ts';
import { joined, memberOf, merged, withMembers } from './values.ts';

type Fields = Readonly<Record<string, Expression>>;

export interface LayeredFields {
  readonly fields: Fields;
  readonly provenance: ProvenanceOf;
}

export function overlayFields(below: LayeredMapping, layer: Layer): LayeredFields {
  const draft = new FieldsDraft(below);
  const source = { layer: layer.origin.layer, ...version(layer) };
  const operations = [...layer.fields];
  // First what goes away, then what comes: the order in which they stand means nothing.
  for (const [field, operation] of operations) {
    if (operation.op === 'unset') draft.put(field, undefined, { ...source, op: 'unset' });
    if (operation.op !== 'rename') continue;
    draft.put(field, undefined, { ...source, op: 'rename', to: operation.to });
  }
  for (const [field, operation] of operations) {
    if (operation.op === 'rename') {
      draft.put(operation.to, draft.valueBelow(field), {
        ...source,
        op: 'rename',
        from: field,
        ...draft.provenanceBelow(field),
      });
    } else if (operation.op === 'set') {
      const { expression } = operation;
      draft.put(field, expression, { ...source, op: 'set', expression: expression.text });
    } else if (operation.op === 'append') draft.append(field, operation, source);
  }
  return draft.finish();
}

/** How a field takes what is appended to it; undefined: not at all. */
export function appending(model: ModelResource, field: string) {
  const type = Object.hasOwn(model.properties, field) ? model.properties[field]?.type : undefined;
  const types = typeof type === 'string' ? [type] : (type ?? []);
  if (types.includes('array')) return joined;
  return types.includes('object') ? merged : undefined;
}

function version({ origin }: Layer): { readonly version?: number } {
  return origin.version === undefined ? {} : { version: origin.version };
}

type Source = Pick<Provenance, 'layer' | 'version'>;

class FieldsDraft {
  readonly #below: LayeredMapping;
  readonly #fields: Map<string, Expression>;
  readonly #members = new Map<string, Expression | undefined>();
  readonly #provenance: Map<string, Provenance>;

  constructor(below: LayeredMapping) {
    this.#below = below;
    this.#fields = new Map(Object.entries(below.mapping.fields));
    this.#provenance = new Map(Object.entries(below.fields));
  }

  put(field: string, value: Expression | undefined, provenance: Provenance): void {
    const custom = customName(field);
    if (custom !== undefined) this.#members.set(custom, value);
    else if (value) this.#fields.set(field, value);
    else this.#fields.delete(field);
    if (isCustomWhole(field)) this.#forgetMembers();
    this.#provenance.set(field, provenance);
  }

  append(
    field: string,
    { expression }: Extract<Operation, { op: 'append' }>,
    source: Source,
  ): void {
    const join = appending(this.#below.model, field);
    invariant(join, 'a layer that was read appends to lists and objects only');
    this.#fields.set(field, join(this.valueBelow(field), expression));
    const op = { op: 'append', expression: expression.text } as const;
    this.#provenance.set(field, { ...source, ...op, ...this.provenanceBelow(field) });
  }

  valueBelow(field: string): Expression | undefined {
    const { fields } = this.#below.mapping;
    const custom = customName(field);
    if (custom !== undefined) return memberOf(fields['custom_fields'], custom);
    return Object.hasOwn(fields, field) ? fields[field] : undefined;
  }

  provenanceBelow(field: string): { readonly below?: Provenance } {
    const known = this.#below.fields;
    const name =
      customName(field) === undefined || Object.hasOwn(known, field) ? field : 'custom_fields';
    const below = Object.hasOwn(known, name) ? known[name] : undefined;
    return below ? { below } : {};
  }

  finish(): LayeredFields {
    if (this.#members.size > 0) {
      const whole = this.#fields.get('custom_fields');
      this.#fields.set('custom_fields', withMembers(whole, this.#members));
    }
    return {
      fields: Object.fromEntries(this.#fields),
      provenance: Object.fromEntries(this.#provenance),
    };
  }

  /** Of the layers below: the whole that comes in their place knows nothing of them. */
  #forgetMembers(): void {
    for (const field of this.#provenance.keys()) {
      const name = customName(field);
      if (name !== undefined && !this.#members.has(name)) this.#provenance.delete(field);
    }
  }
}
