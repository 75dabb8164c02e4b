/**
 * What two states of a mapping differ in: fields that came, went or changed, and the types of a
 * sample's output. Structure alone: no value of a sample is in it.
 */
import type { MappingTrial, Provenance, ProvenanceOf } from './mapping-trial.ts';

export interface FieldChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly field: string;
  /** The layer that says so. */
  readonly layer: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface TypeChange {
  /** `email_addresses[].email`. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export function fieldChanges(before: ProvenanceOf, after: ProvenanceOf): readonly FieldChange[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields.flatMap((field) => {
    const was = describe(before[field]);
    const is = describe(after[field]);
    if (was === is) return [];
    const change = was === null ? 'added' : is === null ? 'removed' : 'changed';
    const layer = (after[field] ?? before[field])?.layer ?? 'base';
    return [{ change, field, layer, before: was, after: is }];
  });
}

/** How a field gets its value, in one line; null where it gets none. */
export function describe(provenance: Provenance | undefined): string | null {
  if (!provenance || provenance.op === 'unset' || provenance.to !== undefined) return null;
  const { op, from, below } = provenance;
  const expression = oneLine(provenance.expression ?? '');
  if (op === 'append') return `${describe(below) ?? 'nothing'}, and ${expression}`;
  if (op !== 'rename') return expression;
  const given = describe(below);
  return given === null ? `what was ${from}` : `what was ${from}: ${given}`;
}

export function typeChanges(before: MappingTrial, after: MappingTrial): readonly TypeChange[] {
  const was = typesIn(before.output);
  const is = typesIn(after.output);
  const paths = [...new Set([...was.keys(), ...is.keys()])];
  return paths.flatMap((path) => {
    const [one, other] = [typesAt(was, path), typesAt(is, path)];
    return one === other ? [] : [{ path, before: one, after: other }];
  });
}

type Types = Map<string, Set<string>>;

function typesAt(types: Types, path: string): string {
  return [...(types.get(path) ?? ['absent'])].toSorted().join(' or ');
}

function typesIn(output: unknown): Types {
  const types: Types = new Map();
  note(output, '', types);
  types.delete('');
  return types;
}

function note(value: unknown, path: string, types: Types): void {
  types.set(path, (types.get(path) ?? new Set()).add(typeOf(value)));
  if (Array.isArray(value)) for (const item of value) note(item, `${path}[]`, types);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      note(member, path === '' ? name : `${path}.${name}`, types);
    }
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
