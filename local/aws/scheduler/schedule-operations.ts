/** The operations of the Scheduler API on schedules. */
import type { Clock } from '#shared/kernel/clock.ts';
import { AwsError, type AwsRequest, parseJsonBody } from '../aws-message.ts';
import type { Clockwork } from './clockwork.ts';
import { nameSchema, type Schedule, type ScheduleDefinition, scheduleSchema } from './schedule.ts';
import { parseTiming } from './schedule-expression.ts';
import type { ScheduleStore } from './schedule-store.ts';
import { assertReachable } from './target.ts';

export interface ScheduleDeps {
  readonly store: ScheduleStore;
  readonly clock: Clock;
  readonly clockwork: Clockwork;
  readonly arnOf: (schedule: Schedule) => string;
  /** @throws AwsError where the scheduler may not assume the role for schedules of this group */
  readonly assertAssumable: (roleArn: string, groupName: string) => void;
}

/** Takes the request and the name in its path. */
export type Answer = (request: AwsRequest, name: string) => object;

export function scheduleOperations(deps: ScheduleDeps): Readonly<Record<string, Answer>> {
  const { store, arnOf } = deps;
  return {
    'POST schedules': (request, name) => {
      const definition = parseDefinition(request, name);
      const before = store.schedule(definition.GroupName, name);
      if (!before) return accept(deps, definition, name);
      // The SDK repeats a create whose answer it lost, with the same token.
      const token = definition.ClientToken;
      if (token === undefined || before.definition.ClientToken !== token) {
        throw new AwsError('ConflictException', `Schedule ${name} already exists.`, 409);
      }
      return { ScheduleArn: arnOf(before) };
    },
    'PUT schedules': (request, name) => {
      const definition = parseDefinition(request, name);
      return accept(deps, definition, name, existing(store, definition.GroupName, name));
    },
    'GET schedules': (request, name) =>
      name === ''
        ? { Schedules: list(deps, request) }
        : describe(existing(store, groupOf(request), name), arnOf),
    'DELETE schedules': (request, name) => {
      const schedule = existing(store, groupOf(request), name);
      store.delete(schedule.group, schedule.name);
      return {};
    },
  };
}

function accept(
  { store, clock, clockwork, arnOf, assertAssumable }: ScheduleDeps,
  definition: ScheduleDefinition,
  name: string,
  before?: Schedule,
): object {
  if (!store.groups().some((group) => group.name === definition.GroupName)) {
    throw missing('Schedule group', definition.GroupName);
  }
  assertReachable(definition.Target);
  assertAssumable(definition.Target.RoleArn, definition.GroupName);
  const nowMs = clock.now();
  parseTiming(definition.ScheduleExpression, definition.ScheduleExpressionTimezone, nowMs);
  // A changed timing counts from now, so that an update does not fire what was due before it.
  const kept = before && sameTiming(before.definition, definition) ? before : undefined;
  const schedule: Schedule = {
    group: definition.GroupName,
    name,
    definition,
    createdAtMs: before?.createdAtMs ?? nowMs,
    modifiedAtMs: nowMs,
    anchorMs: kept?.anchorMs ?? nowMs,
    lastDueAtMs: kept?.lastDueAtMs,
  };
  store.put(schedule);
  clockwork.wake();
  return { ScheduleArn: arnOf(schedule) };
}

function list({ store, arnOf }: ScheduleDeps, { query }: AwsRequest): readonly object[] {
  const group = query.get('ScheduleGroup');
  const state = query.get('State');
  return store
    .schedules()
    .filter((schedule) => group === null || schedule.group === group)
    .filter((schedule) => schedule.name.startsWith(query.get('NamePrefix') ?? ''))
    .filter((schedule) => state === null || schedule.definition.State === state)
    .map((schedule) => {
      const { Arn, Name, GroupName, State, Target, CreationDate } = describe(schedule, arnOf);
      return { Arn, Name, GroupName, State, Target: { Arn: Target.Arn }, CreationDate };
    });
}

function describe(schedule: Schedule, arnOf: ScheduleDeps['arnOf']) {
  const { ClientToken: _unshown, ...definition } = schedule.definition;
  return {
    ...definition,
    Arn: arnOf(schedule),
    Name: schedule.name,
    CreationDate: schedule.createdAtMs / 1000,
    LastModificationDate: schedule.modifiedAtMs / 1000,
  };
}

function parseDefinition(request: AwsRequest, name: string): ScheduleDefinition {
  nameSchema.parse(name);
  return scheduleSchema.parse(parseJsonBody(request));
}

function existing(store: ScheduleStore, group: string, name: string): Schedule {
  const schedule = store.schedule(group, name);
  if (!schedule) throw missing('Schedule', name);
  return schedule;
}

function groupOf(request: AwsRequest): string {
  return request.query.get('groupName') ?? 'default';
}

function sameTiming(one: ScheduleDefinition, other: ScheduleDefinition): boolean {
  return (
    one.ScheduleExpression === other.ScheduleExpression &&
    one.ScheduleExpressionTimezone === other.ScheduleExpressionTimezone &&
    one.StartDate === other.StartDate
  );
}

function missing(kind: string, name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `${kind} ${name} does not exist.`, 404);
}
