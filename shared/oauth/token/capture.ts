/**
 * What an answer tells of the account itself: values of connection inputs that the engine finds
 * out. They are checked as if somebody had typed them.
 *
 * Errors  {@link TokenEndpointError} where a value is not what the integration says it would be
 */
import type { Captures } from '../../integration/auth/plan.ts';
import { mapRecord } from '../../kernel/map-record.ts';
import type { RenewalPlan } from '../app/renewal-plan.ts';
import { evaluateOn, type TokenAnswer } from './token-answer.ts';
import { RETRY, TokenEndpointError } from './token-response.ts';

/** Inputs that changed or came; undefined where none did. */
export function captureFrom(
  { integration, account }: Pick<RenewalPlan, 'integration' | 'account'>,
  captures: Captures,
  answer: TokenAnswer,
): Readonly<Record<string, string>> | undefined {
  const found = mapRecord(captures, (expression) => evaluateOn(expression, answer));
  const { connection, faults } = integration.withCaptured(account, found);
  const [fault] = faults;
  if (fault) {
    throw new TokenEndpointError(
      'the answer names something that the integration does not allow',
      { input: fault.path, reason: fault.message },
      RETRY,
    );
  }
  const news = Object.entries(connection).filter(
    ([name, value]) => account.connection[name] !== value,
  );
  return news.length === 0 ? undefined : Object.fromEntries(news);
}
