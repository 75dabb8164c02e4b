import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionNames } from '../../../infra/functions.ts';
import { template } from '../template.ts';

const RUNBOOK = join(__dirname, '..', '..', '..', 'docs', 'runbook');

const alarms = () => template().ofType('AWS::CloudWatch::Alarm');
const pageOf = (description: string) =>
  /Runbook: docs\/runbook\/([a-z-]+)\.md$/.exec(description)?.[1];
const pages = () => readdirSync(RUNBOOK).filter((file) => file !== 'README.md');

describe('alarms', () => {
  it('says of each what a person suffers, and names a page that exists', () => {
    for (const { Properties } of alarms()) {
      const description = String(Properties['AlarmDescription']);
      expect(description.split(' Runbook: ')[0]).toMatch(/^.{20,}\.$/);
      expect(pages()).toContain(`${pageOf(description)}.md`);
    }
  });

  it('has an alarm for every page of the runbook', () => {
    const named = new Set(
      alarms().map(({ Properties }) => `${pageOf(Properties['AlarmDescription'])}.md`),
    );

    expect([...named].sort()).toEqual(pages().sort());
  });

  it('tells on every page what it means, what to look at and what to do', () => {
    for (const page of pages()) {
      const text = readFileSync(join(RUNBOOK, page), 'utf8');
      for (const heading of ['## It means', '## Look', '## Do']) expect(text).toContain(heading);
    }
  });

  it('rings at the first dead letter of every queue', () => {
    const deadLetters = template()
      .ofType('AWS::SQS::Queue')
      .filter(({ Properties }) => !Properties['RedrivePolicy'])
      .map(({ id }) => id);
    const watched = alarms().filter(
      ({ Properties }) => Properties['MetricName'] === 'ApproximateNumberOfMessagesVisible',
    );

    expect(
      watched.map(({ Properties }) => Properties['Dimensions'][0].Value['Fn::GetAtt'][0]).sort(),
    ).toEqual(deadLetters.sort());
    for (const { Properties } of watched) expect(Properties['Threshold']).toBe(1);
  });

  it('watches every function for errors', () => {
    const watched = alarms()
      .filter(({ Properties }) => Properties['MetricName'] === 'Errors')
      .map(({ Properties }) => Properties['Dimensions'][0].Value.Ref);

    expect(watched.sort()).toEqual(functionNames.map((name) => template().lambda(name).id).sort());
  });

  it('rings when a sweeper is silent, for silence is how a sweeper fails', () => {
    const silent = alarms().filter(
      ({ Properties }) => Properties['TreatMissingData'] === 'breaching',
    );

    expect(silent.map(({ Properties }) => Properties['Dimensions'][0].Value.Ref)).toEqual([
      template().lambda('sync-sweep').id,
      template().lambda('claim-sweep').id,
    ]);
  });

  it('mails whoever the operator names, and nobody unless named', () => {
    const mailing = template({ alarmEmail: 'on-call@example.com' });

    expect(template().ofType('AWS::SNS::Topic')).toEqual([]);
    expect(mailing.ofType('AWS::SNS::Subscription')[0]!.Properties['Endpoint']).toBe(
      'on-call@example.com',
    );
    for (const { Properties } of mailing.ofType('AWS::CloudWatch::Alarm')) {
      expect(Properties['AlarmActions']).toHaveLength(1);
    }
  });
});
