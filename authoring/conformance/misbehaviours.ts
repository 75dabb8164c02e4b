/** The suite, in the order of its report. A new misbehaviour is a value and a line here. */
import { errorAsSuccess, html, noBody, otherShape } from './bodies.ts';
import { declaredWait, retryAfter, shownLimit, toldLimits } from './limits.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { emptyPage, foreignNext, goodRun, missingMore, repeatedPage } from './paging.ts';
import { redirect, refusedCredential, serverError } from './statuses.ts';
import { brokenOff, hugeBody, slowDrip, truncatedBody } from './transport.ts';

export const MISBEHAVIOURS: readonly Misbehaviour[] = [
  goodRun,
  repeatedPage,
  emptyPage,
  missingMore,
  foreignNext,
  errorAsSuccess,
  otherShape,
  html,
  noBody,
  truncatedBody,
  hugeBody,
  slowDrip,
  brokenOff,
  shownLimit,
  declaredWait,
  retryAfter,
  toldLimits,
  refusedCredential,
  serverError,
  redirect,
];
