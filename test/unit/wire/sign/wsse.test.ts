import { wsseHeaders } from '#shared/wire/sign/wsse.ts';

/** M. Pilgrim, "Atom Authentication", xml.com, 17 December 2003. */
const BOB = { username: 'bob', secret: 'taadtaadpstcsm', digest: 'binary' } as const;
const MOMENT = {
  nowMs: Date.parse('2003-12-15T14:43:07.999Z'),
  nonce: 'd36e316282959a9ed4c89851497a717f',
};

describe('a WSSE header', () => {
  it('is that of the documented example', () => {
    expect(wsseHeaders(BOB, MOMENT)).toEqual({
      authorization: 'WSSE profile="UsernameToken"',
      'x-wsse':
        'UsernameToken Username="bob", PasswordDigest="quR/EWLAV4xLf9Zqyw4pDmfV9OY=", Nonce="d36e316282959a9ed4c89851497a717f", Created="2003-12-15T14:43:07Z"',
    });
  });

  /** printf d36e…2003-12-15T14:43:07Ztaadtaadpstcsm | sha1sum | cut -d' ' -f1 | tr -d '\n' | base64 */
  it('holds the text of the hash where the server wants that', () => {
    const { 'x-wsse': header } = wsseHeaders({ ...BOB, digest: 'hex' }, MOMENT);

    expect(header).toContain(
      'PasswordDigest="YWFlNDdmMTE2MmMwNTc4YzRiN2ZkNjZhY2IwZTI5MGU2N2Q1ZjRlNg=="',
    );
  });

  it('lets no name end its quotes', () => {
    const { 'x-wsse': header } = wsseHeaders({ ...BOB, username: 'a", Nonce="b' }, MOMENT);

    expect(header).toContain('Username="a\\", Nonce=\\"b"');
  });
});
