import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrapKeys } from '../../local/bootstrap.ts';
import { FolderMissingError, functionExtras } from '../../local/catalogue.ts';
import { readKeyText } from '../../shared/access/api-key.ts';
import { createApiKeyStore } from '../../shared/access/api-key-store.ts';
import { loadCatalogue } from '../../shared/integration/catalogue/catalogue.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { systemRandom } from '../../shared/kernel/random.ts';
import { startDynamo } from '../support/servers/dynamo.ts';

describe('the first environment', () => {
  let dynamo: Awaited<ReturnType<typeof startDynamo>>;
  let folder: string;
  let keysFile: string;
  const deps = () => ({ table: dynamo.table, clock: systemClock, random: systemRandom });
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.stop());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-keys-'));
    keysFile = join(folder, 'keys.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('has a key for everyday calls and one that may make others', async () => {
    const { apiKey, adminKey, environmentId } = await bootstrapKeys(deps(), keysFile);
    const scopesOf = async (text: string) => {
      const id = readKeyText(text)?.id;
      return id && (await createApiKeyStore(deps()).find(id));
    };
    expect(await scopesOf(apiKey)).toMatchObject({
      environmentId,
      scopes: ['read', 'write', 'proxy', 'sync'],
    });
    expect((await scopesOf(adminKey))?.scopes).toContain('admin');
  });

  it('keeps its keys over a restart, in a file for their owner only', async () => {
    const first = await bootstrapKeys(deps(), keysFile);
    expect(await bootstrapKeys(deps(), keysFile)).toEqual(first);
    expect(statSync(keysFile).mode & 0o777).toBe(0o600);
  });

  it('makes new keys where the endpoint has forgotten the old ones', async () => {
    const first = await bootstrapKeys(deps(), keysFile);
    const id = readKeyText(first.adminKey)!.id;
    await dynamo.table.delete({ pk: `KEY#${id}`, sk: 'META' });
    expect((await bootstrapKeys(deps(), keysFile)).adminKey).not.toBe(first.adminKey);
  });
});

describe('what the local runtime adds to the environment of functions', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-extras-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const extras = (allowLoopbackTargets: boolean, integrations: readonly string[]) =>
    functionExtras({
      allowLoopbackTargets,
      integrations,
      catalogueFile: join(folder, 'catalogue.json'),
    });

  it('is nothing unless asked', () => {
    expect(extras(false, [])).toEqual({});
  });

  it('allows loopback targets when asked', () => {
    expect(extras(true, [])).toEqual({ ALLOW_LOOPBACK_TARGETS: 'true' });
  });

  it('is a catalogue with the further folders beside the repository’s own', () => {
    expect(extras(false, [folder])).toEqual({ CATALOGUE_FILE: join(folder, 'catalogue.json') });
    const catalogue = JSON.parse(readFileSync(join(folder, 'catalogue.json'), 'utf8'));
    expect(loadCatalogue(catalogue).integration('sandbox')?.name).toBe('sandbox');
  });

  it('refuses a further folder that does not exist', () => {
    expect(() => extras(false, [join(folder, 'nowhere')])).toThrow(FolderMissingError);
  });

  it('refuses a broken integration of a further folder', () => {
    const bad = join(folder, 'more', 'bad');
    mkdirSync(bad, { recursive: true });
    writeFileSync(join(bad, 'integration.yaml'), 'name: [');
    expect(() => extras(false, [join(folder, 'more')])).toThrow(
      expect.objectContaining({ name: 'IntegrationInvalidError' }),
    );
  });
});
