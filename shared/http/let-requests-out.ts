/**
 * Lets requests that were just made reach the network before work begins that takes the processor.
 *
 * The client checks a connection before it uses it again, which takes it two turns of the event
 * loop (undici 7, client-h1.js: one after the answer before, one to see whether the peer has closed
 * it). A request that waits for these behind 5 ms of work leaves 5 ms late.
 */
import { setImmediate } from 'node:timers/promises';

const TURNS = 3;

export async function letRequestsOut(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await setImmediate();
}
