import { describe, expect, it } from '@jest/globals';
import { Fifo } from '../../lib/streaming/fifo.ts';

describe('a queue', () => {
  it('gives what was put in, in order, however long it is', () => {
    const queue = new Fifo<number>();
    const taken: (number | undefined)[] = [];
    for (let i = 0; i < 5000; i++) {
      queue.push(i);
      if (i % 3 > 0) taken.push(queue.take());
    }
    expect([...queue]).toEqual(Array.from({ length: queue.size }, (_, i) => taken.length + i));
    while (queue.size > 0) taken.push(queue.take());
    expect(taken).toEqual(Array.from({ length: 5000 }, (_, i) => i));
    expect(queue.take()).toBeUndefined();
  });

  it('is empty after clear', () => {
    const queue = new Fifo<number>();
    queue.push(1);
    queue.clear();
    expect([...queue, queue.take(), queue.size]).toEqual([undefined, 0]);
  });
});
