/**
 * The services behind the policies: a request and who makes it in, the service's answer or AWS's
 * refusal out.
 */

import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type JsonProtocol,
  jsonRefusal,
  xmlRefusal,
} from './aws-message.ts';
import type { DynamoDb } from './dynamodb/dynamodb.ts';
import { dynamoDbNeeds } from './dynamodb/dynamodb-access.ts';
import type { AccessNeed, AwsPlace } from './iam/access-need.ts';
import type { Authorizer } from './iam/authorizer.ts';
import type { ConditionContext } from './iam/condition.ts';
import type { Kms } from './kms/kms.ts';
import { kmsNeeds } from './kms/kms-access.ts';
import type { S3 } from './s3/s3.ts';
import { needToKnowAbsence, s3Needs } from './s3/s3-access.ts';
import type { Scheduler } from './scheduler/scheduler.ts';
import { schedulerNeeds } from './scheduler/scheduler-access.ts';
import type { Sqs } from './sqs/sqs.ts';
import { sqsNeeds } from './sqs/sqs-access.ts';

/** A role by its ARN, or the administrator, whom no policy binds. */
export type Caller = { readonly kind: 'admin' } | { readonly kind: 'role'; readonly arn: string };

export interface Denial {
  readonly roleArn: string;
  readonly action: string;
  readonly resource: string;
  /** What AWS would say, with action, resource and role. */
  readonly message: string;
}

export interface Services {
  readonly dynamodb: DynamoDb;
  readonly sqs: Sqs;
  readonly s3: S3;
  readonly kms: Kms;
  readonly scheduler: Scheduler;
}

export type ServiceName = keyof Services;

const PROTOCOLS: Readonly<Record<ServiceName, JsonProtocol | 'xml'>> = {
  dynamodb: 'application/x-amz-json-1.0',
  sqs: 'application/x-amz-json-1.0',
  s3: 'xml',
  kms: 'application/x-amz-json-1.1',
  scheduler: 'application/json',
};

export class GuardedServices {
  readonly #services: Services;
  readonly #authorizer: Authorizer;
  readonly #place: AwsPlace;
  readonly #onDenied: (denial: Denial) => void;

  constructor(
    services: Services,
    authorizer: Authorizer,
    place: AwsPlace,
    onDenied: (denial: Denial) => void,
  ) {
    this.#services = services;
    this.#authorizer = authorizer;
    this.#place = place;
    this.#onDenied = onDenied;
  }

  async perform(caller: Caller, service: ServiceName, request: AwsRequest): Promise<AwsResponse> {
    try {
      this.assertAllowed(
        caller,
        caller.kind === 'admin' ? [] : await this.#needs(service, request),
      );
      const response = await this.#services[service].handle(request);
      if (service === 's3' && response.status === 404) this.#assertMayKnowAbsence(caller, request);
      return response;
    } catch (error) {
      if (error instanceof AwsError) return refusal(service, request, error);
      throw error;
    }
  }

  /** @throws AwsError AccessDeniedException naming action, resource and role */
  assertAllowed(caller: Caller, needs: readonly AccessNeed[]): void {
    if (caller.kind === 'admin') return;
    const checks = needs.map((need) => ({ ...need, context: this.#context(caller.arn, need) }));
    const refused = this.#authorizer.refusal(caller.arn, checks);
    if (!refused) return;
    const { action, resource } = refused.check;
    const reason =
      refused.deniedBy === undefined
        ? `no policy allows the ${action} action`
        : `of an explicit deny in ${refused.deniedBy}`;
    const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} because ${reason}`;
    this.#onDenied({ roleArn: caller.arn, action, resource, message });
    throw new AwsError('AccessDeniedException', message);
  }

  #assertMayKnowAbsence(caller: Caller, request: AwsRequest): void {
    const need = needToKnowAbsence(request);
    if (need) this.assertAllowed(caller, [need]);
  }

  async #needs(service: ServiceName, request: AwsRequest): Promise<readonly AccessNeed[]> {
    const { dynamodb, sqs, kms } = this.#services;
    switch (service) {
      case 'dynamodb':
        return await dynamoDbNeeds(request, this.#place, dynamodb);
      case 'sqs':
        return sqsNeeds(request, this.#place, sqs.store, (name) =>
          kms.ring.keyArn(kms.ring.find(name)),
        );
      case 's3':
        return s3Needs(request);
      case 'kms':
        return kmsNeeds(request, kms.ring);
      case 'scheduler':
        return schedulerNeeds(request, this.#place);
    }
  }

  #context(roleArn: string, need: AccessNeed): ConditionContext {
    const { region, accountId } = this.#place;
    const common = {
      'aws:PrincipalAccount': accountId,
      'aws:PrincipalArn': roleArn,
      'aws:PrincipalType': 'AssumedRole',
      'aws:RequestedRegion': region,
      'aws:ResourceAccount': accountId,
      // Nothing leaves the machine, so the loopback stands for a secure transport.
      'aws:SecureTransport': 'true',
      's3:TlsVersion': '1.3',
    };
    const entries = Object.entries({ ...common, ...need.context });
    return new Map(
      entries.map(([key, value]) => [
        key.toLowerCase(),
        typeof value === 'string' ? [value] : value,
      ]),
    );
  }
}

function refusal(service: ServiceName, request: AwsRequest, error: AwsError): AwsResponse {
  const protocol = PROTOCOLS[service];
  if (protocol !== 'xml') return jsonRefusal(protocol, error);
  const named =
    error.code === 'AccessDeniedException'
      ? new AwsError('AccessDenied', error.message, 403)
      : error;
  const answer = xmlRefusal(named);
  return request.method === 'HEAD' ? { ...answer, body: '' } : answer;
}
