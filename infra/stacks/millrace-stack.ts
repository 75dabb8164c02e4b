/**
 * All of Millrace in one stack: a cell. More load or more isolation means more cells, each whole.
 *
 * One stack, so that nothing crosses between stacks: a reference across would outlive what it
 * refers to, or forbid changing it.
 */
import { CfnOutput, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms.ts';
import { ControlPlaneApi } from '../constructs/control-plane-api.ts';
import { Minutely } from '../constructs/minutely.ts';
import { QueueFeed } from '../constructs/queue-feed.ts';
import { ServiceFunctions } from '../constructs/service-functions.ts';
import { Storage } from '../constructs/storage.ts';
import { StreamingApi } from '../constructs/streaming-api.ts';
import { SyncSchedules } from '../constructs/sync-schedules.ts';
import { WorkQueues } from '../constructs/work-queues.ts';
import { acknowledgeFindings } from '../nag-acknowledgements.ts';
import type { Settings } from '../settings.ts';

export interface MillraceStackProps {
  readonly settings: Settings;
  /** Folder with one folder per function, each holding its bundle. */
  readonly bundles: string;
}

export class MillraceStack extends Stack {
  constructor(scope: Construct, id: string, { settings, bundles }: MillraceStackProps) {
    super(scope, id, {
      description: 'Millrace: integrations without data retention',
      // The CLI checks the bootstrap's version too, from the manifest.
      // @ts-expect-error CDK's class and its own interface disagree under exactOptionalPropertyTypes.
      synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
      terminationProtection: settings.deletionProtection,
    });
    const storage = new Storage(this, 'Storage', settings);
    const queues = new WorkQueues(this, 'Queues', storage.queueKey, settings);
    const schedules = new SyncSchedules(this, 'Schedules', queues.start.queue, storage.queueKey);
    const functions = new ServiceFunctions(this, 'Functions', {
      bundles,
      resources: { storage, queues, schedules },
      settings,
    });

    new QueueFeed(this, 'StepFeed', {
      source: queues.step,
      worker: functions.named('sync-step'),
      // Steps are long; two in one batch would wait for each other.
      batchSize: 1,
      maxConcurrency: settings.stepConcurrency,
    });
    new QueueFeed(this, 'StartFeed', {
      source: queues.start,
      worker: functions.named('sync-start'),
      batchSize: 5,
      maxConcurrency: settings.startConcurrency,
    });
    new QueueFeed(this, 'DeliveryFeed', {
      source: queues.delivery,
      worker: functions.named('webhook-deliver'),
      batchSize: 10,
      maxConcurrency: settings.deliveryConcurrency,
    });
    new Minutely(this, 'Minutely', [functions.named('sync-sweep'), functions.named('claim-sweep')]);

    const controlPlane = new ControlPlaneApi(this, 'ControlPlane', {
      controlApi: functions.named('control-api'),
      accountCheck: functions.named('account-check'),
      settings,
    });
    const streaming = new StreamingApi(this, 'Streaming', {
      proxyApi: functions.named('proxy-api'),
      unifiedApi: functions.named('unified-api'),
      syncStream: functions.named('sync-stream'),
      settings,
    });
    const { alarmEmail } = settings;
    new Alarms(this, 'Alarms', { alarmEmail, storage, queues, functions, controlPlane, streaming });

    this.#output('ApiUrl', controlPlane.url, 'Control plane: everything not streamed');
    this.#output('StreamUrl', streaming.url, 'Proxy calls, records and sync streams');
    this.#output('MainTable', storage.main.tableName, 'Configuration, state, sealed secrets');
    this.#output('KeysTable', storage.keys.tableName, 'Wrapped tenant keys');
    this.#output('KekArn', storage.tenantKek.keyArn, "The key that wraps tenants' keys");
    acknowledgeFindings(this, {
      claimsBucketId: this.getLogicalId(storage.claimsResource),
      scheduleGroup: schedules.group.scheduleGroupName,
      sendsMail: alarmEmail !== undefined,
    });
  }

  #output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}
