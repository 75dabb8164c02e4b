/** Checks the text of one integration.yaml: every fault, with its path and line. */
import type { Fault } from '../../kernel/errors.ts';
import { compileIntegration } from '../document/compile.ts';
import { type IntegrationSource, integrationSource } from '../document/source.ts';
import { createCompileContext, type LocatedFault } from '../template/context.ts';
import { judgeableSource } from './judgeable-source.ts';
import { schemaFaults } from './schema-faults.ts';
import { parseYaml } from './yaml-source.ts';

export interface ValidatedIntegration {
  /** Present where there are no faults. */
  readonly source: IntegrationSource | undefined;
  readonly faults: readonly Fault[];
}

/** Ten times the longest that there is; what is longer costs more to judge than it is worth. */
const MAX_TEXT_CHARACTERS = 262_144;

/** @param text YAML or JSON */
export function validateIntegration(text: string): ValidatedIntegration {
  if (text.length > MAX_TEXT_CHARACTERS) {
    const message = `the text is longer than ${MAX_TEXT_CHARACTERS} characters`;
    return { source: undefined, faults: [{ path: '', message }] };
  }
  const yaml = parseYaml(text);
  if (yaml.faults.length > 0) return { source: undefined, faults: once(yaml.faults) };
  const parsed = integrationSource.safeParse(yaml.value);
  if (parsed.success) {
    const faults = compileFaults(parsed.data).map(yaml.locate);
    return { source: faults.length > 0 ? undefined : parsed.data, faults };
  }
  const rest = judgeableSource(yaml.value, parsed.error.issues);
  const more = rest ? compileFaults(rest.source).filter(rest.isOwn) : [];
  const faults = [...schemaFaults(parsed.error), ...more].map(yaml.locate);
  return { source: undefined, faults: once(faults) };
}

function compileFaults(source: IntegrationSource): readonly LocatedFault[] {
  const context = createCompileContext();
  compileIntegration(source, {}, context);
  return context.faults;
}

/** A parser stumbles over one thing more than once. */
function once(faults: readonly Fault[]): readonly Fault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}
