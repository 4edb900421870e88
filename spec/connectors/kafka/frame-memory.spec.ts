import { describe, expect, it } from '@jest/globals';
import { FrameMemory } from '../../../lib/connectors/kafka/frame-memory.ts';

const kibibyte = 1 << 10;
const mebibyte = 1 << 20;

const bufferOf = (frame: Buffer): ArrayBuffer => frame.buffer as ArrayBuffer;

describe('memory of frames', () => {
  it('gives every frame the start of a buffer of its own', () => {
    const memory = new FrameMemory();
    const frames = [10, 70 * kibibyte, 3 * mebibyte].map((size) => memory.take(size));
    expect(frames.map((frame) => [frame.length, frame.byteOffset])).toEqual([
      [10, 0],
      [70 * kibibyte, 0],
      [3 * mebibyte, 0],
    ]);
    expect(new Set(frames.map(bufferOf)).size).toBe(3);
  });

  it('reads into a buffer again when it has come back, once', () => {
    const memory = new FrameMemory();
    const first = bufferOf(memory.take(mebibyte));
    memory.giveBack(first);
    const again = memory.take(mebibyte - 5);
    expect([bufferOf(again) === first, again.length]).toEqual([true, mebibyte - 5]);
    expect(bufferOf(memory.take(mebibyte))).not.toBe(first);
  });

  it('reads into the buffer that came back last', () => {
    const memory = new FrameMemory();
    const buffers = [1, 2, 3].map(() => bufferOf(memory.take(mebibyte)));
    for (const buffer of buffers) memory.giveBack(buffer);
    expect([1, 2, 3].map(() => buffers.indexOf(bufferOf(memory.take(mebibyte))))).toEqual([2, 1, 0]);
  });

  it.each([
    ['larger than what came back', mebibyte, 2 * mebibyte],
    ['less than half of it', mebibyte, 400 * kibibyte],
    ['small', 70 * kibibyte, 60 * kibibyte],
  ])('takes new memory for a frame that is %s', (_, before, size) => {
    const memory = new FrameMemory();
    const first = bufferOf(memory.take(before));
    memory.giveBack(first);
    const frame = memory.take(size);
    expect([frame.length, bufferOf(frame) === first]).toEqual([size, false]);
  });

  it('keeps no more than 32 MiB', () => {
    const memory = new FrameMemory();
    const buffers = Array.from({ length: 12 }, () => bufferOf(memory.take(4 * mebibyte)));
    for (const buffer of buffers) memory.giveBack(buffer);
    const taken = buffers.map(() => bufferOf(memory.take(4 * mebibyte)));
    expect(taken.filter((buffer) => buffers.includes(buffer))).toHaveLength(8);
  });
});
