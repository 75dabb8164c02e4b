import fc from 'fast-check';
import { createPace } from '../../../shared/provider/pace.ts';
import { RateLimitedError } from '../../../shared/wire/provider-errors.ts';
import { anAccount, anIntegration } from '../../support/builders/an-integration.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';

const PER_MS = 1_000;
const LONGEST_TURN_MS = 5_000;

it('no stretch of time sees more calls than the budget has, and nobody waits for long', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.nat({ max: 1_500 }), { maxLength: 40 }),
      async (requests, gaps) => {
        const clock = new VirtualClock(0);
        const pace = createPace(clock);
        const integration = anIntegration({
          rate_limit: { budgets: { all: { requests, per: 'PT1S' } } },
        });
        const went: number[] = [];
        const waiting: Promise<void>[] = [];
        const call = async () => {
          const askedMs = clock.now();
          await pace({ account: anAccount(), integration, operation: 'things.list' });
          went.push(clock.now());
          expect(clock.now() - askedMs).toBeLessThanOrEqual(LONGEST_TURN_MS);
        };
        const arrive = async () => {
          for (const gap of gaps) {
            if (gap > 700) await clock.sleep(gap);
            waiting.push(
              call().catch((error: unknown) => {
                if (!(error instanceof RateLimitedError)) throw error;
              }),
            );
          }
        };
        await clock.run(arrive());
        await clock.run(Promise.all(waiting));

        for (const startMs of went) {
          const within = went.filter((atMs) => atMs >= startMs && atMs < startMs + PER_MS);
          expect(within.length).toBeLessThanOrEqual(requests);
        }
      },
    ),
    { numRuns: 40 },
  );
});
