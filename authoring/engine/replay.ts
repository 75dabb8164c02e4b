/**
 * Replays a fixture through the real engine: every request is compared, every answer is the
 * fixture's, and the outcome must be what it expects.
 *
 * Shape  complaints, one line each; none means that it holds
 */
import type { Catalogue } from '#shared/integration/catalogue/catalogue.ts';
import type { JsonObject } from '#shared/kernel/json.ts';
import { createApplyWrite } from '#shared/mapping/apply-write.ts';
import { differences, missing } from '../fixtures/differences.ts';
import type { Fixture } from '../fixtures/fixture.ts';
import { withGeneratedKeys } from '../fixtures/generated-keys.ts';
import { type Cast, createEngineUnderTest, type EngineUnderTest } from './engine-under-test.ts';
import { createScriptedSend } from './scripted-send.ts';

export interface Replay {
  readonly complaints: readonly string[];
  /** Operation of each exchange, in order: `tickets.list`, `verify`. */
  readonly operations: readonly string[];
}

export async function replayFixture(
  catalogue: Catalogue,
  integration: string,
  fixture: Fixture,
): Promise<Replay> {
  const script = createScriptedSend(fixture.exchanges);
  const cast = castOf(catalogue, integration, fixture);
  const engine = createEngineUnderTest({ catalogue, cast, send: script.send });
  const query = queryOf(catalogue, integration, fixture);
  const isPlayed = Object.keys(fixture.expect).some((name) => name !== 'input');
  const outcome = isPlayed ? await settle(() => perform(engine, fixture, query)) : NOTHING;
  const unplayed = fixture.exchanges.length - script.played();
  return {
    complaints: [
      ...accountComplaints(catalogue, integration, fixture),
      ...inputComplaints(catalogue, integration, fixture),
      ...script.complaints(),
      ...(unplayed > 0 ? [`the last ${unplayed} of the exchanges were not asked for`] : []),
      ...compareOutcome(fixture, outcome),
    ],
    operations: engine.calls.map(({ operation }) => operation),
  };
}

/** The account as an import would make it: with the inputs that have a default or follow from others. */
export function castOf(
  catalogue: Catalogue,
  integration: string,
  { auth, connection: given, credential }: Fixture,
): Cast {
  const checked = catalogue.integration(integration)?.validateConnection(given, auth);
  const connection = checked && checked.faults.length === 0 ? checked.connection : given;
  return { integration, auth, connection, credential: withGeneratedKeys(credential) };
}

type Outcome =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: unknown };

const NOTHING: Outcome = { kind: 'done', value: undefined };

async function settle(run: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { kind: 'done', value: await run() };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

/** What a fixture asks of the engine, on any engine under test. */
export async function perform(
  engine: EngineUnderTest,
  fixture: Fixture,
  query: JsonObject,
): Promise<unknown> {
  const { resource = '', method = '', id, input } = fixture;
  if (fixture.verify) return engine.verify();
  if (fixture.connect) return engine.connect();
  if (fixture.renew) return engine.renew(fixture.app);
  if (method === 'create' || method === 'update' || method === 'delete') {
    return engine.write(method, { resource, query, id, input });
  }
  if (method === 'get' && id !== undefined) return engine.get({ resource, query, id });
  const { cursor, pages: maxPages } = fixture;
  return engine.list({ resource, method, query, cursor, maxPages });
}

/** Under the name by which this resource is asked what changed since. */
export function queryOf(catalogue: Catalogue, integration: string, fixture: Fixture): JsonObject {
  const { query, since } = fixture;
  if (since === undefined) return query;
  const mapping = mappingOf(catalogue, integration, fixture);
  return mapping
    ? { ...query, [mapping.since ?? 'updated_at']: { gt: since } }
    : { ...query, since };
}

function mappingOf(catalogue: Catalogue, integration: string, { resource = '' }: Fixture) {
  const [model = '', name] = resource.split('/');
  return name === undefined ? undefined : catalogue.mapping(integration, model, name);
}

/** An account that could not be stored shows nothing. What token steps make is stored, too. */
function accountComplaints(
  catalogue: Catalogue,
  name: string,
  fixture: Fixture,
): readonly string[] {
  const integration = catalogue.integration(name);
  const auth = integration?.auth[fixture.auth];
  if (!integration) return [];
  const made = Object.keys({ ...auth?.oauth?.credential, ...auth?.exchange?.credential });
  return [
    ...integration.validateConnection(fixture.connection, fixture.auth).faults,
    ...integration
      .validateCredential(fixture.auth, fixture.credential)
      .filter(({ path }) => !made.some((field) => path === `credentials.${field}`)),
  ].map(({ path, message }) => `${path}: ${message}`);
}

/** What the mapping makes of a unified write. */
function inputComplaints(
  catalogue: Catalogue,
  integration: string,
  fixture: Fixture,
): readonly string[] {
  const { id, input = {}, query, connection, expect } = fixture;
  if (expect.input === undefined) return [];
  const mapping = mappingOf(catalogue, integration, fixture);
  if (!mapping?.write) return ['expect.input: the resource has no mapping that writes'];
  const written = createApplyWrite(mapping)(input, {
    params: query,
    conn: connection,
    ...(id === undefined ? {} : { id }),
  });
  if (written.kind === 'mapped') return differences(expect.input, written.input, 'input');
  return written.faults.map(({ path, message }) => `input.${path}: ${message}`);
}

function compareOutcome({ expect }: Fixture, outcome: Outcome): readonly string[] {
  if (expect.error !== undefined) {
    if (outcome.kind === 'failed') return missing(expect.error, outcome.error, 'error');
    return [`expected an error, found ${JSON.stringify(outcome.value)}`];
  }
  if (outcome.kind === 'failed') return [`failed: ${describeError(outcome.error)}`];
  if (expect.credential !== undefined) {
    return missing(expect.credential, outcome.value, 'credential');
  }
  const [name, expected] =
    Object.entries(expect).find(([one, value]) => COMPARED.has(one) && value !== undefined) ?? [];
  return name === undefined ? [] : differences(expected, outcome.value, name);
}

/** Of what is expected, what there is a value for. */
const COMPARED = new Set(['records', 'record', 'connection']);

export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code: unknown = Reflect.get(error, 'code');
  const provider: unknown = Reflect.get(error, 'provider');
  const reason = provider === undefined ? '' : ` ${JSON.stringify(provider)}`;
  return `${code === undefined ? error.name : String(code)}: ${error.message}${reason}`;
}
