import { openId, sealId } from '../../../../shared/api/http/sealed-id.ts';

it('opens for the same key and attempt', () => {
  expect(openId(sealId('ada@example.com', 'key-1', 'idem_1'), 'key-1', 'idem_1')).toBe(
    'ada@example.com',
  );
});

it('shows nothing of the id, and no two attempts alike', () => {
  const sealed = sealId('ada@example.com', 'key-1', 'idem_1');

  expect(Buffer.from(sealed, 'base64url').includes('ada')).toBe(false);
  expect(sealId('ada@example.com', 'key-1', 'idem_2')).not.toBe(sealed);
});

it.each([
  ['another key', 'key-2', 'idem_1'],
  ['another attempt', 'key-1', 'idem_2'],
])('does not open for %s', (_what, key, attempt) => {
  expect(() => openId(sealId('7', 'key-1', 'idem_1'), key, attempt)).toThrow();
});
