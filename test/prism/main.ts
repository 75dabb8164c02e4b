/**
 * `npm run test:prism [-- --documents DIR]`: every fixture of success of some integrations is played
 * through Prism, which holds our requests and the answers against the provider's own OpenAPI
 * document and lets no violation pass.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngineUnderTest } from '../../authoring/engine/engine-under-test.ts';
import { castOf, perform, queryOf } from '../../authoring/engine/replay.ts';
import { type NamedFixture, readFixtures } from '../../authoring/fixtures/read-fixtures.ts';
import { loadCatalogue } from '../../shared/integration/catalogue/catalogue.ts';
import { readCatalogueFolder } from '../../shared/integration/catalogue/read-catalogue.ts';
import { createChecks, skipTier } from '../support/checks.ts';
import { createReoriginatedSend } from '../support/doubles/reoriginated-send.ts';
import { type PublishedDocument, publishedDocuments, readDocument } from './documents.ts';
import { findPrism, startPrism } from './prism-server.ts';
import { startScriptedUpstream } from './scripted-upstream.ts';
import { sliceDocument } from './slice.ts';

const INTEGRATIONS = join(import.meta.dirname, '../../integrations');

const program = findPrism();
if (program === undefined) process.exit(skipTier('the Prism tier', 'npm cannot get Prism'));
const checks = createChecks();
const catalogue = loadCatalogue(readCatalogueFolder([INTEGRATIONS]));
const folder = flag('--documents');
const violations: string[] = [];
const scratch = mkdtempSync(join(tmpdir(), 'millrace-prism-'));
for (const published of publishedDocuments) await compare(published, program);
rmSync(scratch, { recursive: true, force: true });
process.exit(checks.finish());

async function compare(published: PublishedDocument, prism: string): Promise<void> {
  const { integration, bases, aliases = {}, absent = [] } = published;
  const document = readDocument(published, folder);
  if (typeof document === 'string') {
    checks.skip(`${integration} is held against its document`, document);
    return;
  }
  const { fixtures } = readFixtures(join(INTEGRATIONS, integration));
  const places = [...Object.entries(aliases), ...bases.map((base) => [base, ''] as const)];
  const sliced = sliceDocument(document, calledPaths(fixtures, places));
  const file = join(scratch, `${integration}.json`);
  writeFileSync(file, JSON.stringify(sliced));
  const upstream = await startScriptedUpstream(sliced);
  const proxy = await startPrism(prism, file, upstream.url);
  const relocations = places.map(([from, path]) => ({ from, to: proxy.url + path }));
  const send = createReoriginatedSend(relocations, (status, text) => {
    if (text.includes('stoplight.io/prism')) violations.push(`${status} ${text.slice(0, 600)}`);
  });
  for (const named of fixtures.filter(isOfSuccess)) {
    const { fixture } = named;
    if (!fixture.exchanges.every(({ request }) => placeOf(request.url, places))) {
      checks.skip(`${integration}: ${named.name}`, 'calls what the document is not about');
      continue;
    }
    const newer = absent.find((path) => callsPath(fixture, path));
    if (newer !== undefined) {
      checks.skip(`${integration}: ${named.name}`, `the document does not know ${newer} yet`);
      continue;
    }
    upstream.play(fixture.exchanges);
    violations.length = 0;
    const engine = createEngineUnderTest({
      catalogue,
      cast: castOf(catalogue, integration, fixture),
      send,
    });
    const fault = await perform(engine, fixture, queryOf(catalogue, integration, fixture)).then(
      () => undefined,
      describe,
    );
    const found = [...violations, ...(fault === undefined ? [] : [fault])];
    checks.check(
      `${integration}: ${named.name} breaks no rule`,
      found.length === 0,
      found.join('; '),
    );
  }
  proxy.close();
  upstream.close();
}

type Place = readonly [from: string, path: string];

function placeOf(url: string, places: readonly Place[]): Place | undefined {
  return places.find(([from]) => url.startsWith(from));
}

/** As the document would write them, without a query. */
function calledPaths(fixtures: readonly NamedFixture[], places: readonly Place[]): string[] {
  const urls = fixtures.flatMap(({ fixture }) =>
    fixture.exchanges.map(({ request }) => request.url),
  );
  return urls.flatMap((url) => {
    const [from, path] = placeOf(url, places) ?? [];
    if (from === undefined) return [];
    return [new URL(`https://document${path}${url.slice(from.length)}`).pathname];
  });
}

function callsPath({ exchanges }: NamedFixture['fixture'], path: string): boolean {
  return exchanges.some(({ request }) => request.url.includes(path));
}

function isOfSuccess({ fixture }: NamedFixture): boolean {
  return fixture.expect.error === undefined;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function flag(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}
