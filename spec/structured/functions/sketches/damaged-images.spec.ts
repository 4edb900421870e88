import { describe, expect, it } from '@jest/globals';
import { MillraceError } from '../../../../lib/kernel/errors.ts';
import type { ScalarFunction } from '../../../../lib/structured/functions/define-function.ts';
import { findFunction } from '../../../../lib/structured/functions/registry.ts';
import { atomic } from '../../../../lib/structured/types/type-classes.ts';

function evaluatorOf(name: string): ScalarFunction['evaluate'] {
  const body = findFunction(name)?.body;
  if (body?.kind !== 'scalar') throw new TypeError(`${name} is no scalar function`);
  const context = { batchTimestampUs: 0, partitionId: 0 };
  return body.bind({ ansi: true, timeZone: 'UTC', args: [], type: atomic('binary'), context }).evaluate;
}

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

/** Every beginning of the bytes, and the bytes with each of them changed in several ways. */
function* damaged(bytes: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < bytes.length; length++) yield bytes.slice(0, length);
  for (const [at, byte] of bytes.entries()) {
    for (const other of [0, 1, byte ^ 1, byte ^ 8, byte ^ 0x80, byte + 1, 127, 255]) yield bytes.with(at, other & 255);
  }
}

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (error) {
    return error instanceof MillraceError ? error.code : String(error);
  }
}

const hll = {
  list: '0201070403000508CBD7C2042BF2FB06862FF90D7581660781BC5D06000000000000000000000000',
  'compact list': '0201070403080508CBD7C2042BF2FB06862FF90D7581660781BC5D06',
  table:
    '0301070805000009140000000000000081BC5D0600000000CEF05B1F6EC5340600000000862FF90D0000000000000000DB522D0400000000CBD7C20400000000B05B4612AE3C881100000000C1E9170500000000D21673070000000034A2610E75816607F671F20600000000B83FF907464AB704FC2D420A7B65E6082BF2FB06C3DD5104000000007C74B907',
  'registers of eight bits':
    '0A0107040000000A7E57F23F69AE6440000000000000F13F0000000000000000000000000000000004020407050404060404050304030705',
  'registers of six bits':
    '0A010704000000067E57F23F69AE6440000000000000F13F0000000000000000000000000000000084401C05411804510CC4701400',
  'registers of four bits, one too great':
    '0A010705020000021B9789280EDC44400000008000582E400000000000000000090000000100000054116023010400410212013011413F201C000048000000000000000000000000',
};

const theta = {
  'one hash': '01030300003ACC9315F97DCBBD86A105',
  'distances of hashes': '0104033E011ACC930316861AF72DF7E4558FBE9C3477E9EAEFB2E5966BADAA3DC0',
  'a bound and hashes': '03030300001ACC93020000000000803F6A918B0B0BE72C0FFB38798913248F010F5D1190DC88B103',
};

describe.each([
  ['hll', hll, 'HLL_INVALID_INPUT_SKETCH_BUFFER', ['hll_sketch_estimate', 'hll_union']],
  [
    'theta',
    theta,
    'THETA_INVALID_INPUT_SKETCH_BUFFER',
    ['theta_sketch_estimate', 'theta_union', 'theta_intersection', 'theta_difference'],
  ],
] as const)('damaged bytes of a sketch, %s', (_family, images, code, functions) => {
  it.each(Object.entries(images))('are refused or read as another sketch, and never hang: %s', (_kind, hex) => {
    const whole = bytesOf(hex);
    for (const name of functions) {
      const evaluate = evaluatorOf(name);
      expect(codeOf(() => evaluate(whole, whole, undefined))).toBe('none');
      const codes = new Set<string>();
      for (const bytes of damaged(whole)) {
        codes.add(codeOf(() => evaluate(bytes, whole, undefined)));
        codes.add(codeOf(() => evaluate(whole, bytes, undefined)));
      }
      const allowed = new Set(['none', code, 'HLL_UNION_DIFFERENT_LG_K']);
      expect([...codes].filter((each) => !allowed.has(each))).toEqual([]);
      expect(codes.has(code)).toBe(true);
    }
  });
});
