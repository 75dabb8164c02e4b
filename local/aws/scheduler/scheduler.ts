/**
 * Amazon EventBridge Scheduler, spoken as REST JSON, durable in one folder.
 *
 * Source  https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html
 */

import * as z from 'zod';
import type { Clock } from '#shared/kernel/clock.ts';
import { type Random, systemRandom } from '#shared/kernel/random.ts';
import { AwsError, type Backend, jsonAnswer, jsonRefusal } from '../aws-message.ts';
import { Clockwork } from './clockwork.ts';
import { groupOperations } from './group-operations.ts';
import { type ScheduleDeps, scheduleOperations } from './schedule-operations.ts';
import { ScheduleStore } from './schedule-store.ts';

const PROTOCOL = 'application/json';

export interface SchedulerOptions {
  readonly folder: string;
  readonly region: string;
  readonly accountId: string;
  readonly clock: Clock;
  readonly random?: Random;
  readonly onFault: (what: string, error: unknown) => void;
  readonly assertAssumable: ScheduleDeps['assertAssumable'];
}

export interface Scheduler {
  readonly handle: Backend;
  readonly clockwork: Clockwork;
  stop(): Promise<void>;
}

export function openScheduler(options: SchedulerOptions): Scheduler {
  const { clock, assertAssumable, onFault, random = systemRandom } = options;
  const prefix = `arn:aws:scheduler:${options.region}:${options.accountId}:`;
  const arnOf: ScheduleDeps['arnOf'] = ({ group, name }) => `${prefix}schedule/${group}/${name}`;
  const store = new ScheduleStore(options.folder, clock.now());
  const clockwork = new Clockwork({ store, clock, random, arnOf, onFault });
  const operations = {
    ...scheduleOperations({ store, clock, clockwork, arnOf, assertAssumable }),
    ...groupOperations(store, clock, (name) => `${prefix}schedule-group/${name}`),
  };
  return {
    clockwork,
    async handle(request) {
      try {
        const [, collection = '', name = ''] = request.path.split('/').map(decodeURIComponent);
        const route = `${request.method} ${collection}`;
        const run = Object.hasOwn(operations, route) ? operations[route] : undefined;
        if (!run) throw new AwsError('UnknownOperationException', 'Unknown operation.', 404);
        return jsonAnswer(PROTOCOL, run(request, name));
      } catch (error) {
        const refusal = error instanceof z.ZodError ? invalid(error) : error;
        if (refusal instanceof AwsError) return jsonRefusal(PROTOCOL, refusal);
        throw error;
      }
    },
    async stop() {
      await clockwork.stop();
      store.close();
    },
  };
}

function invalid(error: z.ZodError): AwsError {
  return new AwsError('ValidationException', z.prettifyError(error));
}
