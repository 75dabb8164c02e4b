import { EtagMismatchError, requireMatch, versionEtag } from '#shared/api/http/etag.ts';

describe('requireMatch', () => {
  it.each([undefined, '"7"', '"6", "7"', '*'])('lets %s pass for version 7', (ifMatch) => {
    expect(() => requireMatch(ifMatch, versionEtag(7))).not.toThrow();
  });

  it.each(['"6"', 'W/"7"', '7', ''])('refuses %s for version 7', (ifMatch) => {
    expect(() => requireMatch(ifMatch, versionEtag(7))).toThrow(EtagMismatchError);
  });
});
