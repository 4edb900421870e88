import { describe, expect, it } from '@jest/globals';
import { FrameReader } from '../../../lib/connectors/kafka/frame-reader.ts';

function frame(text: string): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32BE(text.length);
  return Buffer.concat([size, Buffer.from(text)]);
}

function readInPieces(bytes: Buffer, pieceSize: number): string[] {
  const seen: string[] = [];
  const reader = new FrameReader(() => 100, {
    frame: (payload) => {
      expect(payload.byteLength).toBe(payload.buffer.byteLength);
      seen.push(payload.toString());
    },
    refuse: (size, reason) => seen.push(`refused ${size} ${String(reason)}`),
  });
  for (let at = 0; at < bytes.length; at += pieceSize) reader.push(bytes.subarray(at, at + pieceSize));
  return seen;
}

describe('frames', () => {
  it.each([1, 2, 3, 5, 7, 100])('are put together from pieces of %i bytes, each in memory of its own', (size) => {
    expect(readInPieces(Buffer.concat([frame('first'), frame('second'), frame('last')]), size)).toEqual([
      'first',
      'second',
      'last',
    ]);
  });

  it.each([
    ['above the limit', Buffer.from([0, 0, 0, 101, 1, 2, 3]), 'refused 101 undefined'],
    ['of negative length', Buffer.from([0xff, 0xff, 0xff, 0xff]), 'refused -1 undefined'],
    ['that are HTTP', Buffer.from('HTTP/1.1 400 Bad Request'), 'refused 1213486160 it answers HTTP'],
    ['that are a TLS alert', Buffer.from([0x15, 3, 3, 0, 2, 2, 70]), 'refused 352518912 it answers TLS'],
  ])('are refused before memory is taken: %s', (_, bytes, expected) => {
    expect(readInPieces(bytes, 100)).toEqual([expected]);
  });
});
