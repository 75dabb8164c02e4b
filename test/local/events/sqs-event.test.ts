import { messagesDone } from '../../../local/events/sqs-event.ts';

const messages = [{ MessageId: 'a' }, { MessageId: 'b' }];
const done = (answer: string) => messagesDone(messages, answer).map(({ MessageId }) => MessageId);

describe('what a batch answered', () => {
  it.each([
    ['nothing', 'null'],
    ['an empty object', '{}'],
    ['no list', '{"batchItemFailures":null}'],
    ['an empty list', '{"batchItemFailures":[]}'],
  ])('means that all is done: %s', (_name, answer) => {
    expect(done(answer)).toEqual(['a', 'b']);
  });

  it('names the messages that failed', () => {
    expect(done('{"batchItemFailures":[{"itemIdentifier":"a"}]}')).toEqual(['b']);
  });

  it.each([
    ['a message that was not in the batch', '{"batchItemFailures":[{"itemIdentifier":"z"}]}'],
    ['an empty id', '{"batchItemFailures":[{"itemIdentifier":""}]}'],
    ['a wrong key', '{"batchItemFailures":[{"id":"a"}]}'],
    ['text', '"ok"'],
  ])('means that all failed: %s', (_name, answer) => {
    expect(done(answer)).toEqual([]);
  });
});
