import { createCursors, InvalidCursorError, type ListName } from '#shared/api/http/list.ts';
import { brandId } from '#shared/kernel/id.ts';
import { aSealer } from '../../../support/builders/api-requests.ts';

const TENANTS: ListName = { environmentId: brandId('env_1'), path: '/v1/tenants', filters: {} };

describe('createCursors', () => {
  it('opens what it sealed', async () => {
    const cursors = createCursors(aSealer());

    const cursor = await cursors.seal('ENV#1|TEN#acme', TENANTS);

    expect(await cursors.open(cursor, TENANTS)).toBe('ENV#1|TEN#acme');
  });

  it('shows nothing of the position', async () => {
    const cursor = await createCursors(aSealer()).seal('TEN#acme', TENANTS);

    expect(Buffer.from(cursor, 'base64url').toString()).not.toContain('acme');
  });

  it.each([
    ['another environment', { ...TENANTS, environmentId: brandId<'env'>('env_2') }],
    ['another list', { ...TENANTS, path: '/v1/sync-jobs' }],
    ['other filters', { ...TENANTS, filters: { status: 'active' } }],
  ])('is refused by %s', async (_, other) => {
    const cursors = createCursors(aSealer());
    const cursor = await cursors.seal('TEN#acme', TENANTS);

    await expect(cursors.open(cursor, other)).rejects.toThrow(InvalidCursorError);
  });

  it('does not mind the order of filters, nor those that are not set', async () => {
    const cursors = createCursors(aSealer());
    const cursor = await cursors.seal('x', { ...TENANTS, filters: { a: '1', b: '2' } });

    const same = { ...TENANTS, filters: { b: '2', c: undefined, a: '1' } };

    expect(await cursors.open(cursor, same)).toBe('x');
  });

  it.each(['', 'nonsense', 'eyJ2IjoxfQ', '%%%'])('refuses %j', async (cursor) => {
    await expect(createCursors(aSealer()).open(cursor, TENANTS)).rejects.toMatchObject({
      code: 'invalid_cursor',
      status: 400,
      faults: [{ path: 'cursor', message: 'is not a cursor of this list' }],
    });
  });

  it('refuses a cursor of which one character was changed', async () => {
    const cursors = createCursors(aSealer());
    const sealed = Buffer.from(await cursors.seal('TEN#acme', TENANTS), 'base64url').toString();
    const forged = sealed.replace(
      /"ciphertext":\["(.)/,
      (_, first) => `"ciphertext":["${first === 'A' ? 'B' : 'A'}`,
    );
    const cursor = Buffer.from(forged).toString('base64url');

    await expect(cursors.open(cursor, TENANTS)).rejects.toThrow(InvalidCursorError);
  });
});
