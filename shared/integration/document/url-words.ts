/** The words that an integration's own methods put into URLs: what a log line may show of any URL. */
import type { UrlWords } from '../../http/redact.ts';
import type { Method } from '../method/plan.ts';
import type { Integration } from './plan.ts';

const made = new WeakMap<Integration, UrlWords>();

/** Literal path segments and names of query parameters, of all methods. */
export function urlWordsOf(integration: Integration): UrlWords {
  const known = made.get(integration);
  if (known) return known;
  const resources = Object.values(integration.resources);
  const methods = resources.flatMap((resource) => Object.values(resource.methods));
  methods.push(...integration.verify);
  const words = {
    segments: new Set(methods.flatMap(literalSegments)),
    parameters: new Set(methods.flatMap(parameterNames)),
  };
  made.set(integration, words);
  return words;
}

function literalSegments({ path }: Method): readonly string[] {
  return path.text.split('/').filter((segment) => segment !== '' && !segment.includes('{{'));
}

function parameterNames({ query, pagination, incremental }: Method): readonly string[] {
  const placed = [
    incremental?.since,
    incremental?.until,
    pagination.kind === 'none' ? undefined : pagination.size,
    'token' in pagination ? pagination.token : undefined,
    'attribute' in pagination ? pagination.attribute?.token : undefined,
  ];
  const added = placed.flatMap((each) => (each?.in === 'query' ? [each.param] : []));
  return [...Object.keys(query), ...added];
}
