/** Everything around the measured process, and fresh ones of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { readCatalogueFolder } from '../../shared/integration/read-catalogue.ts';
import { type Child, startChild } from './child.ts';
import type { ConsumerApi } from './consumer.ts';
import type { DatabaseApi } from './database.ts';
import type { ProviderApi } from './provider.ts';
import type { Scenario } from './scenario.ts';
import type { StepApi, SyncMeasure } from './step-process.ts';

export class World {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'millrace-bench-sync-'));
  readonly #provider = startChild<ProviderApi>(peer('provider'));
  readonly #consumer = startChild<ConsumerApi>(peer('consumer'));
  readonly #database = startChild<DatabaseApi>(peer('database'));
  #addresses = { providerUrl: '', consumerUrl: '' };
  #databaseUrl = '';

  async open(): Promise<void> {
    await bundleStep(this.#folder);
    this.#databaseUrl = await this.#database.call('listen', null);
    this.#addresses = {
      providerUrl: await this.#provider.call('listen', null),
      consumerUrl: await this.#consumer.call('listen', null),
    };
  }

  /** A process that holds the step and has not synced yet. */
  async freshStep(): Promise<Child<StepApi>> {
    const child = startChild<StepApi>(path.join(this.#folder, 'index.js'), {
      execArgv: ['--expose-gc'],
      env: {
        CATALOGUE_FILE: path.join(this.#folder, 'catalogue.json'),
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'bench',
        AWS_SECRET_ACCESS_KEY: 'bench',
        AWS_ENDPOINT_URL_DYNAMODB: this.#databaseUrl,
      },
    });
    await this.#consumer.call('trust', await child.call('open', this.#addresses));
    return child;
  }

  async set({ records, providerMs, consumerMs }: Scenario): Promise<void> {
    await this.#provider.call('hold', { records, latencyMs: providerMs });
    await this.#consumer.call('answerAfter', consumerMs);
  }

  /** One sync of what {@link set} has set up. @throws where the consumer does not hold it all */
  async sync(step: Child<StepApi>, records: number, everyPages = 0): Promise<SyncMeasure> {
    await this.#consumer.call('tally', null);
    const measure = await step.call('sync', { everyPages });
    const tally = await this.#consumer.call('tally', null);
    if (tally.records === records && tally.refused === 0) return measure;
    throw new Error(`of ${records} records ${tally.records} came, ${tally.refused} refused`);
  }

  /** The same in a process that does nothing before or after. */
  async syncOnce(records: number, everyPages = 0): Promise<SyncMeasure> {
    const step = await this.freshStep();
    try {
      return await this.sync(step, records, everyPages);
    } finally {
      await step.stop();
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#provider.stop(), this.#consumer.stop(), this.#database.stop()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function peer(name: string): string {
  return path.join(import.meta.dirname, `${name}.ts`);
}

/** With the settings of scripts/build.ts that change what runs. */
async function bundleStep(folder: string): Promise<void> {
  await build({
    entryPoints: [path.join(import.meta.dirname, 'step-process.ts')],
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    outfile: path.join(folder, 'index.js'),
    logLevel: 'warning',
  });
  writeFileSync(path.join(folder, 'package.json'), '{"type":"commonjs"}\n');
  const catalogue = readCatalogueFolder(['integrations']);
  writeFileSync(path.join(folder, 'catalogue.json'), JSON.stringify(catalogue));
}
