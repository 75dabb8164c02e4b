/** Everything around the measured process, and fresh ones of it. */
import path from 'node:path';
import { type Bundle, bundled } from '../bundled.ts';
import { type Child, startChild } from './child.ts';
import type { ConsumerApi } from './consumer.ts';
import type { DatabaseApi } from './database.ts';
import type { ProviderApi } from './provider.ts';
import type { Scenario } from './scenario.ts';
import type { StepApi, SyncMeasure } from './step-process.ts';

export class World {
  #bundle: Bundle | undefined;
  readonly #provider = startChild<ProviderApi>(peer('provider'));
  readonly #consumer = startChild<ConsumerApi>(peer('consumer'));
  readonly #database = startChild<DatabaseApi>(peer('database'));
  #addresses = { providerUrl: '', consumerUrl: '' };
  #databaseUrl = '';

  async open(): Promise<void> {
    this.#bundle = await bundled(peer('step-process'), ['sandbox']);
    this.#databaseUrl = await this.#database.call('listen', null);
    this.#addresses = {
      providerUrl: await this.#provider.call('listen', null),
      consumerUrl: await this.#consumer.call('listen', null),
    };
  }

  /** A process that holds the step and has not synced yet. */
  async freshStep(): Promise<Child<StepApi>> {
    if (!this.#bundle) throw new Error('the world is not open yet');
    const child = startChild<StepApi>(this.#bundle.file, {
      execArgv: ['--expose-gc'],
      env: {
        ...this.#bundle.env,
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
    this.#bundle?.remove();
  }
}

function peer(name: string): string {
  return path.join(import.meta.dirname, `${name}.ts`);
}
