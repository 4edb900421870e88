import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { FrameReader } from '../../../lib/connectors/kafka/frame-reader.ts';

function frame(payload: string | Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32BE(payload.length);
  return Buffer.concat([size, Buffer.from(payload as string)]);
}

type Take = (reader: FrameReader, piece: Buffer) => void;

const ways: Readonly<Record<'handed over' | 'read into the room that is given', Take>> = {
  'handed over': (reader, piece) => {
    reader.push(piece);
  },
  // As the system reads: no more than there is room for.
  'read into the room that is given': (reader, piece) => {
    for (let at = 0; at < piece.length;) {
      const size = piece.copy(reader.room, 0, at);
      reader.filled(size);
      at += size;
    }
  },
};

const everyWay = Object.keys(ways) as (keyof typeof ways)[];

/** What comes of the bytes when they arrive in pieces of these sizes, the last of which is repeated. */
function readInPieces(way: keyof typeof ways, bytes: Buffer, sizes: readonly number[], maxBytes = 100): string[] {
  const seen: string[] = [];
  const reader = new FrameReader(() => maxBytes, {
    frame: (payload) => {
      expect([payload.byteOffset, payload.buffer.byteLength - payload.byteLength < 4096]).toEqual([0, true]);
      seen.push(payload.toString('latin1'));
    },
    refuse: (size, reason) => seen.push(`refused ${size} ${String(reason)}`),
  });
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[Math.min(i, sizes.length - 1)] ?? bytes.length;
    ways[way](reader, bytes.subarray(at, at + size));
    at += size;
  }
  return seen;
}

describe.each(everyWay)('frames whose bytes are %s', (way) => {
  it.each([1, 2, 3, 5, 7, 100])('are put together from pieces of %i bytes, each in memory of its own', (size) => {
    const bytes = Buffer.concat([frame('first'), frame('second'), frame('last')]);
    expect(readInPieces(way, bytes, [size])).toEqual(['first', 'second', 'last']);
  });

  it('are the same however the stream is cut', () => {
    const content = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
      // Larger than what is copied of a beginning, and than what is kept for later.
      fc
        .tuple(
          fc.integer({ min: 10_000, max: 150_000 }),
          fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 20 }),
        )
        .map(([size, text]) => Buffer.alloc(size, text)),
    );
    const pieces = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1000, max: 90_000 })), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 5 }), pieces, (contents, sizes) => {
        const seen = readInPieces(way, Buffer.concat(contents.map(frame)), [...sizes, 50_000], 1 << 20);
        expect(seen).toEqual(contents.map((each) => each.toString('latin1')));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['above the limit', Buffer.from([0, 0, 0, 101, 1, 2, 3]), 'refused 101 undefined'],
    ['of negative length', Buffer.from([0xff, 0xff, 0xff, 0xff]), 'refused -1 undefined'],
    ['that are HTTP', Buffer.from('HTTP/1.1 400 Bad Request'), 'refused 1213486160 it answers HTTP'],
    ['that are a TLS alert', Buffer.from([0x15, 3, 3, 0, 2, 2, 70]), 'refused 352518912 it answers TLS'],
  ])('are refused before memory is taken: %s', (_, bytes, expected) => {
    expect(readInPieces(way, bytes, [100])).toEqual([expected]);
  });
});

describe('the room for the next bytes', () => {
  it('is the rest of a frame that has begun, so that large ones are not copied', () => {
    const frames: Buffer[] = [];
    const reader = new FrameReader(() => 1 << 20, {
      frame: (payload) => frames.push(payload),
      refuse: () => undefined,
    });
    const bytes = frame(Buffer.alloc(100_000, 7));
    const size = bytes.copy(reader.room);
    reader.filled(size);
    const { room } = reader;
    expect(room.length).toBe(bytes.length - size);
    reader.filled(bytes.copy(room, 0, size));
    expect(frames[0]?.buffer).toBe(room.buffer);
  });
});
