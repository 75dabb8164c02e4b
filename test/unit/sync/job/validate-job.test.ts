import { type Fault, InvalidRequestError } from '#shared/kernel/errors.ts';
import { resourceForest } from '#shared/sync/job/graph.ts';
import { syncJobBody } from '#shared/sync/job/sync-job.ts';
import { type JobCatalogue, parseJob } from '#shared/sync/job/validate-job.ts';

/** The job that must be accepted as it stands. */
const SEEDS_JOB = `{
  "integration_name": "zendesk",
  "resources": [
    { "resource": "ticketing/users", "method": "list" },
    {
      "resource": "ticketing/tickets",
      "method": "list",
      "query": { "updated_at": { "gt": "{{previous_run_date}}" } }
    },
    {
      "resource": "ticketing/comments",
      "method": "list",
      "depends_on": "ticketing/tickets",
      "query": { "ticket_id": "{{resources.ticketing.tickets.id}}" }
    }
  ]
}`;

const CATALOGUE: JobCatalogue = {
  hasIntegration: (name) => name === 'zendesk',
  hasResource: (_, resource) => resource !== 'ticketing/unknown',
  requiredParams: (_, resource, method) => {
    if (method !== 'list') return undefined;
    return resource === 'ticketing/comments' ? ['ticket_id'] : [];
  },
};

function faultsOf(body: unknown): readonly Fault[] {
  try {
    parseJob(body, CATALOGUE);
    return [];
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.faults;
    throw error;
  }
}

function job(...resources: readonly unknown[]) {
  return { integration_name: 'zendesk', resources };
}

describe('a sync job', () => {
  it('is accepted as its authors write it, with our defaults', () => {
    expect(parseJob(JSON.parse(SEEDS_JOB), CATALOGUE)).toMatchObject({
      error_handling: 'ignore',
      watermark: 'run_start',
      records_per_event: 100,
      rate_limit: { mode: 'park', max_waits: 100, alert_after: 10 },
    });
  });

  it('becomes a forest in its own order', () => {
    const { resources } = syncJobBody.parse(JSON.parse(SEEDS_JOB));
    const names = resourceForest(resources).map(({ resource, children }) => [
      resource,
      children.map((child) => child.resource),
    ]);
    expect(names).toEqual([
      ['ticketing/users', []],
      ['ticketing/tickets', ['ticketing/comments']],
    ]);
  });

  it('is refused for an unknown integration', () => {
    expect(faultsOf({ integration_name: 'nobody', resources: [{ resource: 'a' }] })).toEqual([
      { path: 'integration_name', message: 'no integration is named nobody' },
    ]);
  });

  it('is refused for an unknown resource, method and a missing parameter, all at once', () => {
    const body = job(
      { resource: 'ticketing/unknown' },
      { resource: 'ticketing/users', method: 'erase' },
      { resource: 'ticketing/comments' },
    );
    expect(faultsOf(body)).toEqual([
      { path: 'resources[0].resource', message: 'zendesk has no resource ticketing/unknown' },
      { path: 'resources[1].method', message: 'ticketing/users has no method erase' },
      { path: 'resources[2].query.ticket_id', message: 'is required' },
    ]);
  });

  it('is refused for a circle, told once with its way', () => {
    const body = job(
      { resource: 'a', depends_on: 'c' },
      { resource: 'b', depends_on: 'a' },
      { resource: 'c', depends_on: 'b' },
    );
    expect(faultsOf(body)).toEqual([
      {
        path: 'resources[0].depends_on',
        message: 'the dependencies go in a circle: a -> c -> b -> a',
      },
    ]);
  });

  it('is refused for two resources of one name, and for a parent that is not there', () => {
    const body = job({ resource: 'a' }, { resource: 'a' }, { resource: 'b', depends_on: 'x' });
    expect(faultsOf(body)).toEqual([
      { path: 'resources[1].resource', message: 'a is in the job already' },
      { path: 'resources[2].depends_on', message: 'x is not in the job' },
    ]);
  });

  it('is refused for more than four levels', () => {
    const body = job(
      { resource: 'a' },
      { resource: 'b', depends_on: 'a' },
      { resource: 'c', depends_on: 'b' },
      { resource: 'd', depends_on: 'c' },
      { resource: 'e', depends_on: 'd' },
    );
    expect(faultsOf(body)).toEqual([
      { path: 'resources[4].depends_on', message: 'deeper than 4 levels' },
    ]);
  });

  it.each([
    ['{{previous_run}}', '{{previous_run}} names nothing that a job can refer to'],
    [
      '{{resources.b.id}}',
      '{{resources.b.id}} refers to b, which this resource does not depend on',
    ],
    ['{{resources.z.id}}', '{{resources.z.id}} names nothing that a job can refer to'],
    ['{{previous_run_date}', 'the braces of a placeholder do not match'],
    ['{{}}', '{{}} names nothing that a job can refer to'],
  ])('is refused for the placeholder %s', (text, message) => {
    const body = job({ resource: 'a', query: { deep: [{ since: text }] } }, { resource: 'b' });
    expect(faultsOf(body)).toEqual([{ path: 'resources[0].query.deep[0].since', message }]);
  });

  it('may refer to any ancestor', () => {
    const body = job(
      { resource: 'a' },
      { resource: 'b', depends_on: 'a' },
      { resource: 'c', depends_on: 'b', query: { top: '{{resources.a.id}}' } },
    );
    expect(faultsOf(body)).toEqual([]);
  });

  it('is refused for an expression that does not compile', () => {
    const body = job({ resource: 'a', query: { q: { expr: '(1 +' } } });
    expect(faultsOf(body)).toEqual([
      {
        path: 'resources[0].query.q.expr',
        message: expect.stringMatching(
          /^the expression does not compile: broken at character \d+ \(S\d{4}\)$/,
        ),
      },
    ]);
  });

  it.each([
    [{ records_per_event: 0 }, 'records_per_event'],
    [{ records_per_event: 1_001 }, 'records_per_event'],
    [{ schedule: { cron: 'every day' } }, 'schedule.cron'],
    [{ schedule: { cron: '0 4 * * *', timezone: 'Mars/Base' } }, 'schedule.timezone'],
    [{ error_handling: 'panic' }, 'error_handling'],
    [{ surprise: true }, 'surprise'],
  ])('is refused for %j', (over, path) => {
    const faults = faultsOf({ ...job({ resource: 'a' }), ...over });
    expect(faults).toEqual([{ path, message: expect.any(String) }]);
  });

  it('shows faults of shape and of meaning together', () => {
    const body = { ...job({ resource: 'ticketing/unknown' }), records_per_event: 0 };
    expect(faultsOf(body).map(({ path }) => path)).toEqual([
      'records_per_event',
      'resources[0].resource',
    ]);
  });

  it('shows every fault of meaning beside a malformed member of another resource', () => {
    const body = {
      ...job(
        { resource: 'ticketing/unknown', surprise: 1 },
        { resource: 'ticketing/users', method: 'erase', query: { q: { expr: '(1 +' } } },
        { resource: 'ticketing/comments', depends_on: 'ghost', query: { ticket_id: '{{nobody}}' } },
        'a text',
        { resource: 7 },
      ),
      integration_name: 'zendesk',
    };
    expect(faultsOf(body).map(({ path }) => path)).toEqual([
      'resources[0].surprise',
      'resources[3]',
      'resources[4].resource',
      'resources[0].resource',
      'resources[1].method',
      'resources[2].depends_on',
      'resources[1].query.q.expr',
      'resources[2].query.ticket_id',
    ]);
  });

  it('says nothing that follows only from what is malformed', () => {
    const body = job(
      { resource: 'ticketing/comments', query: 'all' },
      { resource: 'a' },
      { resource: 'b', depends_on: 7, query: { id: '{{resources.a.id}}' } },
    );
    expect(faultsOf(body).map(({ path }) => path)).toEqual([
      'resources[0].query',
      'resources[2].depends_on',
    ]);
  });

  it('names both the cron and the time zone where both are wrong', () => {
    const schedule = { cron: '99 * * * *', timezone: 'Mars/Base' };
    expect(faultsOf({ ...job({ resource: 'a' }), schedule }).map(({ path }) => path)).toEqual([
      'schedule.timezone',
      'schedule.cron',
    ]);
  });

  it('takes a schedule with a time zone', () => {
    const body = {
      ...job({ resource: 'a' }),
      schedule: { cron: '0 4 * * 1-5', timezone: 'Europe/Berlin' },
    };
    expect(faultsOf(body)).toEqual([]);
  });
});
