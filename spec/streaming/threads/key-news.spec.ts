import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { buffersOf, Unsendable } from '../../../lib/rdd/packed.ts';
import { HeardKeys, SentKeys } from '../../../lib/streaming/threads/key-news.ts';

const keys = fc.array(fc.oneof(fc.string({ maxLength: 20 }), fc.integer(), fc.constantFrom<unknown>(null, [1])), {
  maxLength: 5,
});
/** What happens to the keys of one of two stages. */
const steps = fc.array(
  fc.record({
    stage: fc.constantFrom('map-1', 'map-2'),
    added: keys,
    isAnew: fc.boolean(),
    /** The message with the news does not come to be sent: its batch failed in the thread. */
    isLost: fc.boolean(),
  }),
  { maxLength: 12 },
);

describe('keys that cross threads', () => {
  it('are known by number on the other side, whatever was sent before', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const sent = new SentKeys();
        const heard = new HeardKeys();
        const stages = new Map<string, unknown[]>();
        for (const { stage, added, isAnew, isLost } of history) {
          const list = isAnew ? [] : (stages.get(stage) ?? []);
          list.push(...added);
          stages.set(stage, list);
          const news = sent.newsOf(stage, list);
          if (news instanceof Unsendable || isLost) continue;
          const arrived = structuredClone(news, { transfer: buffersOf(news.added) });
          sent.sent(stage);
          expect(heard.take(arrived)).toEqual(list);
        }
      }),
    );
  });

  it('cross once', () => {
    const sent = new SentKeys();
    const list = ['a', 'b'];
    expect(sent.newsOf('map-1', list)).toMatchObject({ from: 0, added: { text: 'ab' } });
    sent.sent('map-1');
    list.push('c');
    expect(sent.newsOf('map-1', list)).toMatchObject({ from: 2, added: { text: 'c' } });
    expect(sent.newsOf('map-1', ['c'])).toMatchObject({ from: 0, added: { text: 'c' } });
  });

  it('have no place when others before them are missing', () => {
    const added = { kind: 'others', values: ['c'] } as const;
    expect(() => new HeardKeys().take({ stage: 0, from: 2, added })).toThrow('keys of a thread from 2 on');
  });

  it('are named where they cannot be sent', () => {
    expect(new SentKeys().newsOf('map-1', [() => 1])).toEqual(new Unsendable('a function'));
  });
});
