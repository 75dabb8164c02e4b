import fc from 'fast-check';
import { checkUrl, isPublicAddress } from '../../../shared/http/egress-guard.ts';

const octet = fc.integer({ min: 0, max: 255 });
const ipv4 = fc.tuple(octet, octet, octet, octet);

function isAllowed(url: string): boolean {
  try {
    checkUrl(new URL(url), { allowLoopback: false });
    return true;
  } catch {
    return false;
  }
}

describe('the egress guard', () => {
  it('judges an IPv4 address the same in every spelling', () => {
    fc.assert(
      fc.property(ipv4, ([a, b, c, d]) => {
        const expected = isPublicAddress(`${a}.${b}.${c}.${d}`);
        const number = ((a * 256 + b) * 256 + c) * 256 + d;
        const spellings = [
          `${a}.${b}.${c}.${d}`,
          String(number),
          `0x${number.toString(16)}`,
          `0${a.toString(8)}.${b}.${c}.${d}`,
          `0x${a.toString(16)}.${b}.0x${c.toString(16)}.${d}`,
          `${a}.${b}.${c * 256 + d}`,
        ];
        expect(spellings.map((host) => isAllowed(`https://${host}/`))).toEqual(
          spellings.map(() => expected),
        );
      }),
    );
  });

  it('never lets an IPv4 address through in the clothes of IPv6', () => {
    fc.assert(
      fc.property(ipv4, ([a, b, c, d]) => {
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        const forms = [
          `::ffff:${a}.${b}.${c}.${d}`,
          `::${hex}`,
          `64:ff9b::${hex}`,
          `2002:${hex}::1`,
        ];

        expect(forms.filter(isPublicAddress)).toEqual([]);
      }),
    );
  });
});
