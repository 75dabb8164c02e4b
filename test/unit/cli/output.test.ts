import { alignColumns } from '../../../authoring/report/columns.ts';

describe('alignColumns', () => {
  it('makes each column as wide as its widest cell, without trailing space', () => {
    expect(
      alignColumns([
        ['RUN', 'STATUS'],
        ['run_1', 'completed'],
      ]),
    ).toEqual(['RUN    STATUS', 'run_1  completed']);
  });
});
