import { brandId } from '#shared/kernel/id.ts';
import { Transient } from '#shared/kernel/transient.ts';
import { cursorContext } from '#shared/sync/run/run-snapshot.ts';
import {
  CursorTooLargeError,
  decodePosition,
  encodePosition,
  openPosition,
  type Position,
  recordHash,
  sealPosition,
} from '#shared/sync/walk/cursor-stack.ts';
import { createFakeSealer } from '../../../support/doubles/fake-sealer.ts';

const DEEP: Position = {
  kind: 'at',
  frames: [
    { resource: 'tickets', pageCursor: { after: 'x', n: [1] }, index: 17, idHash: 'abc' },
    { resource: 'comments', index: 0 },
  ],
};
const CONTEXT = cursorContext({
  id: brandId<'run'>('run_1'),
  environmentId: brandId<'env'>('env_1'),
  tenantId: brandId<'tenant'>('acme'),
});

describe('a position', () => {
  it.each<Position>([{ kind: 'start' }, { kind: 'end' }, DEEP])(
    'survives storage: %j',
    (position) => {
      expect(decodePosition(encodePosition(position))).toEqual(position);
    },
  );

  it('is at most 8 KB', () => {
    const frame = { resource: 'a', pageCursor: 'x'.repeat(8_192), index: 0 };
    expect(() => encodePosition({ kind: 'at', frames: [frame] })).toThrow(CursorTooLargeError);
  });

  it('is sealed for its run and its tenant', async () => {
    expect(CONTEXT).toEqual({
      environmentId: 'env_1',
      ownerId: 'acme',
      purpose: 'cursor',
      subject: 'run_1',
    });
    const sealer = createFakeSealer();
    const sealed = await sealPosition(sealer, DEEP, CONTEXT);
    expect(await openPosition(sealer, sealed, CONTEXT)).toEqual(DEEP);
    await expect(openPosition(sealer, sealed, { ...CONTEXT, subject: 'run_2' })).rejects.toThrow();
  });

  it('is the start where nothing is stored', async () => {
    expect(await openPosition(createFakeSealer(), undefined, CONTEXT)).toEqual({ kind: 'start' });
  });
});

describe('recordHash', () => {
  const record = (id: string | number, ref?: string) =>
    recordHash({ kind: 'record', value: Transient.of({ id }), ...(ref ? { ref } : {}) });

  it('tells records apart without showing their ids', () => {
    expect(record('secret-id')).toMatch(/^[0-9a-f]{16}$/);
    expect(record('a')).not.toBe(record('b'));
    expect(record(1)).not.toBe(record('1'));
  });

  it('prefers the reference of the source to the id of the record', () => {
    expect(record('a', 'r')).toBe(record('b', 'r'));
  });
});
