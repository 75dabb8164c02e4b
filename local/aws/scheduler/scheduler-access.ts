/**
 * Permissions that EventBridge Scheduler requests need. Whoever makes a schedule hands its role to
 * the scheduler and must be allowed to pass it.
 *
 * Source  https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
 */
import { type AwsRequest, isRecord, parseJsonBody } from '../aws-message.ts';
import { type AccessNeed, type AwsPlace, stringIn } from '../iam/access-need.ts';

export const SCHEDULER_SERVICE = 'scheduler.amazonaws.com';

const VERBS: Readonly<Record<string, string>> = {
  POST: 'Create',
  PUT: 'Update',
  GET: 'Get',
  DELETE: 'Delete',
};

export function schedulerNeeds(request: AwsRequest, place: AwsPlace): readonly AccessNeed[] {
  const [, collection = '', rawName = ''] = request.path.split('/');
  const name = decodeURIComponent(rawName);
  const noun = collection === 'schedule-groups' ? 'ScheduleGroup' : 'Schedule';
  const verb = VERBS[request.method] ?? request.method;
  const prefix = `arn:aws:scheduler:${place.region}:${place.accountId}:`;
  if (name === '')
    return [
      {
        action: `scheduler:List${noun}s`,
        resource: `${prefix}${collection === 'schedules' ? 'schedule/*/*' : 'schedule-group/*'}`,
      },
    ];
  if (noun === 'ScheduleGroup')
    return [
      { action: `scheduler:${verb}ScheduleGroup`, resource: `${prefix}schedule-group/${name}` },
    ];
  const body = parseJsonBody(request);
  const group = stringIn(body, 'GroupName') ?? request.query.get('groupName') ?? 'default';
  return [
    { action: `scheduler:${verb}Schedule`, resource: `${prefix}schedule/${group}/${name}` },
    ...passedRole(body['Target']),
  ];
}

function passedRole(target: unknown): readonly AccessNeed[] {
  const roleArn = isRecord(target) ? stringIn(target, 'RoleArn') : undefined;
  if (roleArn === undefined) return [];
  return [
    {
      action: 'iam:PassRole',
      resource: roleArn,
      context: { 'iam:PassedToService': SCHEDULER_SERVICE },
    },
  ];
}
