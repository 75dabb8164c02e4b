/**
 * Stored layers, kept in memory for a minute, and what was made of them for as long as they stay the
 * same. That there is none is kept as well. What could not be read is not.
 *
 * Units   milliseconds
 */
import type { Clock } from '../../kernel/clock.ts';
import type { OverrideOwner, StoredOverride } from '../override-store.ts';
import type { LayeredMapping, LayerOrigin } from './layer.ts';
import type { Ground } from './read-layer.ts';
import { InvalidOverrideError, overlayDocument } from './stored-layer.ts';

/** @throws InvalidOverrideError (the function that it returns) */
export type PutOver = (below: LayeredMapping, ground: Ground) => LayeredMapping;

export interface KeptLayers {
  of(layer: LayerOrigin['layer'], owner: OverrideOwner): Promise<PutOver>;
}

const KEPT_MS = 60_000;
/** Each holds at most one override and what was made of it. */
const MOST_KEPT = 5_000;
/** Of all documents together, as text: what is made of one is several times as large. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

interface Loaded {
  readonly version: number | undefined;
  readonly putOver: PutOver;
  /** Of the document as text. */
  readonly characters: number;
}

interface Kept {
  readonly readAtMs: number;
  readonly loading: Promise<Loaded>;
  /** None as long as it is not loaded. */
  readonly characters: number;
}

export function keepLayers(deps: {
  readonly read: (owner: OverrideOwner) => Promise<StoredOverride | undefined>;
  readonly clock: Pick<Clock, 'now'>;
  /** Of all documents that are kept. */
  readonly mostCharacters?: number;
}): KeptLayers {
  const kept = new KeptByName(deps.mostCharacters ?? MOST_CHARACTERS);

  const load = async (layer: LayerOrigin['layer'], owner: OverrideOwner, before?: Kept) => {
    const override = await deps.read(owner);
    const last = await before?.loading.catch(() => undefined);
    if (last && last.version === override?.version) return last;
    const characters = override ? JSON.stringify(override.document ?? null).length : 0;
    return { version: override?.version, putOver: createPutOver(layer, override), characters };
  };

  return {
    async of(layer, owner) {
      const name = nameOf(owner);
      const known = kept.get(name);
      const nowMs = deps.clock.now();
      if (known && nowMs - known.readAtMs < KEPT_MS) return (await known.loading).putOver;
      const loading = load(layer, owner, known);
      kept.put(name, { readAtMs: nowMs, loading, characters: 0 });
      try {
        const { putOver, characters } = await loading;
        if (kept.get(name)?.loading === loading) {
          kept.put(name, { readAtMs: nowMs, loading, characters });
        }
        return putOver;
      } catch (error) {
        if (kept.get(name)?.loading === loading) kept.delete(name);
        throw error;
      }
    },
  };
}

interface Made {
  readonly below: LayeredMapping;
  readonly outcome: LayeredMapping | InvalidOverrideError;
}

/** Remembers for each resource what came of it, faults included. */
function createPutOver(layer: LayerOrigin['layer'], override: StoredOverride | undefined): PutOver {
  if (override?.document === undefined) return (below) => below;
  const { document, version } = override;
  const made = new Map<string, Made>();
  return (below, ground) => {
    const name = `${below.mapping.model}/${below.mapping.resource}`;
    let held = made.get(name);
    if (held?.below !== below) {
      const put = () => overlayDocument(below, document, ground, { layer, version });
      held = { below, outcome: attempt(put) };
      made.set(name, held);
    }
    if (held.outcome instanceof InvalidOverrideError) throw held.outcome;
    return held.outcome;
  };
}

function attempt(make: () => LayeredMapping): LayeredMapping | InvalidOverrideError {
  try {
    return make();
  } catch (error) {
    if (error instanceof InvalidOverrideError) return error;
    throw error;
  }
}

/** Forgets the oldest where there are too many, or too much of them. */
class KeptByName {
  readonly #kept = new Map<string, Kept>();
  readonly #mostCharacters: number;
  #characters = 0;

  constructor(mostCharacters: number) {
    this.#mostCharacters = mostCharacters;
  }

  get(name: string): Kept | undefined {
    return this.#kept.get(name);
  }

  put(name: string, one: Kept): void {
    this.delete(name);
    this.#kept.set(name, one);
    this.#characters += one.characters;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT && this.#characters <= this.#mostCharacters) return;
      this.delete(oldest);
    }
  }

  delete(name: string): void {
    this.#characters -= this.#kept.get(name)?.characters ?? 0;
    this.#kept.delete(name);
  }
}

function nameOf(owner: OverrideOwner): string {
  if ('accountId' in owner) return owner.accountId;
  return `${owner.environmentId}/${owner.integration}`;
}
