import { byRank, type PathPattern } from './path-pattern.ts';

/** One route of either API, ready to be matched. */
export interface Route {
  readonly api: 'rest' | 'http';
  /** `POST`, or `ANY`. */
  readonly method: string;
  readonly pattern: PathPattern;
  /** `POST /v1/things/{id}` or `$default` of an HTTP API; the resource path of a REST API. */
  readonly key: string;
  readonly functionId: string;
  readonly timeoutMs: number;
  readonly isStreaming: boolean;
  readonly apiId: string;
  readonly stage: string;
  /** Format of the stage's access log, if it has one. */
  readonly accessLogFormat?: string;
  /** Whether bodies of every type reach the function as base64. */
  readonly isBinary: boolean;
}

export interface RouteMatch {
  readonly route: Route;
  readonly variables: Readonly<Record<string, string>>;
}

/** The REST API's routes come first, because its resources are the exceptions to `$default`. */
export function sortRoutes(routes: readonly Route[]): readonly Route[] {
  return routes.toSorted(
    (one, other) =>
      Number(one.api === 'http') - Number(other.api === 'http') ||
      byRank(one, other) ||
      Number(one.method === 'ANY') - Number(other.method === 'ANY'),
  );
}

export function matchRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): RouteMatch | undefined {
  for (const route of routes) {
    if (route.method !== 'ANY' && route.method !== method) continue;
    const variables = route.pattern.match(path);
    if (variables) return { route, variables };
  }
  return undefined;
}
