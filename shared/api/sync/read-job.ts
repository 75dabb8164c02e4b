/**
 * The body of a sync job, judged against the catalogue of integrations and the schedules that can
 * be kept: everything that is wrong with it, at once.
 *
 * Errors  InvalidRequestError with the path of every fault
 */
import type { Catalogue } from '../../integration/catalogue/catalogue.ts';
import type { Fault } from '../../kernel/errors.ts';
import { CronError, checkCron } from '../../schedule/cron.ts';
import { type JudgeableJob, type SyncJobSpec, syncJobBody } from '../../sync/job/sync-job.ts';
import { type JobCatalogue, parseJob } from '../../sync/job/validate-job.ts';
import { checkQueryNames } from '../../unified/filters.ts';
import { findResource } from '../../unified/resource-ref.ts';

/** @throws InvalidRequestError */
export function readJob(body: unknown, catalogue: Catalogue): SyncJobSpec {
  return parseJob(body, jobCatalogue(catalogue), (job) => [
    ...filterFaults(job, catalogue),
    ...scheduleFaults(body),
  ]);
}

function jobCatalogue(catalogue: Catalogue): JobCatalogue {
  return {
    hasIntegration: (integration) => catalogue.integration(integration) !== undefined,
    hasResource(integration, resource) {
      const found = findResource(catalogue, integration, resource, 'list');
      return !('message' in found) || found.path === 'method';
    },
    requiredParams(integration, resource, method) {
      const found = findResource(catalogue, integration, resource, method);
      if ('message' in found) return undefined;
      return checkQueryNames(found, {}).map(({ path }) => path.replace(/^query\./, ''));
    },
  };
}

/** Filters that the integration does not know. */
function filterFaults(
  { integration_name: integration, resources }: JudgeableJob,
  catalogue: Catalogue,
): readonly Fault[] {
  return resources.flatMap(({ resource, method, query }, index) => {
    const found = findResource(catalogue, integration, resource, method);
    if ('message' in found) return [];
    return checkQueryNames(found, query).map((fault) => ({
      ...fault,
      path: `resources[${index}].${fault.path}`,
    }));
  });
}

const scheduled = syncJobBody.pick({ schedule: true }).loose();

function scheduleFaults(body: unknown): readonly Fault[] {
  const schedule = scheduled.safeParse(body).data?.schedule;
  if (!schedule) return [];
  try {
    checkCron(schedule.cron, schedule.timezone);
    return [];
  } catch (error) {
    if (error instanceof CronError) return [{ path: 'schedule.cron', message: error.message }];
    throw error;
  }
}
