/** The operations of the Scheduler API on schedule groups. */
import type { Clock } from '#shared/kernel/clock.ts';
import { AwsError } from '../aws-message.ts';
import { nameSchema } from './schedule.ts';
import type { Answer } from './schedule-operations.ts';
import type { ScheduleStore } from './schedule-store.ts';

export function groupOperations(
  store: ScheduleStore,
  clock: Clock,
  arnOf: (name: string) => string,
): Readonly<Record<string, Answer>> {
  const present = () =>
    store.groups().map((group) => ({
      Arn: arnOf(group.name),
      Name: group.name,
      State: 'ACTIVE',
      CreationDate: group.createdAtMs / 1000,
    }));
  const existing = (name: string) => {
    const group = present().find((each) => each.Name === name);
    if (group) return group;
    throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, 404);
  };
  return {
    'POST schedule-groups': (_request, name) => {
      nameSchema.parse(name);
      if (present().some((group) => group.Name === name)) {
        throw new AwsError('ConflictException', `Schedule group ${name} already exists.`, 409);
      }
      store.putGroup(name, clock.now());
      return { ScheduleGroupArn: arnOf(name) };
    },
    'GET schedule-groups': (_request, name) =>
      name === '' ? { ScheduleGroups: present() } : existing(name),
    'DELETE schedule-groups': (_request, name) => {
      store.deleteGroup(existing(name).Name);
      return {};
    },
  };
}
