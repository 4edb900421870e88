import { describe, expect, it } from '@jest/globals';
import type { ThreadEvents, Threads } from '../../../lib/io/host.ts';
import { ProgramThreads } from '../../../lib/streaming/threads/program-threads.ts';
import type { Stage, ToThread } from '../../../lib/streaming/threads/messages.ts';

const description = 'the program';
const stage: Stage = { operator: 'map-1', time: 1000, path: [], side: 'counted' };

/** Threads that do what the spec says, and what they were told. */
class ToldThreads implements Threads {
  readonly processors = 1;
  readonly events: ThreadEvents[] = [];
  readonly told: ToThread[] = [];

  mainProgram(): ReturnType<Threads['mainProgram']> {
    return { reason: 'it is a test' };
  }

  start(_entry: string, _data: unknown, events: ThreadEvents): ReturnType<Threads['start']> {
    this.events.push(events);
    return {
      post: (message) => this.told.push(message as ToThread),
      end: async () => await Promise.resolve(),
    };
  }
}

async function opened(): Promise<{ readonly threads: ToldThreads; readonly program: ProgramThreads }> {
  const threads = new ToldThreads();
  const opening = ProgramThreads.open({
    threads,
    source: { entry: 'program', data: undefined },
    count: 1,
    description,
    zeroTime: 0,
    warn: () => undefined,
  });
  threads.events[0]?.message({ kind: 'built', description });
  const program = await opening;
  if (!(program instanceof ProgramThreads)) throw new TypeError(program.reason);
  return { threads, program };
}

async function counted(answers: readonly Promise<unknown>[]): Promise<unknown[]> {
  return await Promise.all(answers);
}

describe('the threads of a program', () => {
  it('answer for each partition, in the order in which they were asked', async () => {
    const { threads, program } = await opened();
    const answers = program.make(0, stage, [0, 1], []);
    threads.events[0]?.message({ kind: 'counted', request: 1, partition: 1, count: 7 });
    threads.events[0]?.message({ kind: 'counted', request: 1, partition: 0, count: 5 });
    expect(await counted(answers)).toMatchObject([{ count: 5 }, { count: 7 }]);
  });

  it('are asked the same again when one has died', async () => {
    const { threads, program } = await opened();
    const answers = program.make(0, stage, [0], []);
    threads.events[0]?.ended('it was killed');
    threads.events[1]?.message({ kind: 'built', description });
    await new Promise(setImmediate);
    threads.events[1]?.message({ kind: 'counted', request: 2, partition: 0, count: 5 });
    expect(await counted(answers)).toMatchObject([{ count: 5 }]);
  });

  it('number keys by themselves, those of a successor anew', async () => {
    const { threads, program } = await opened();
    const asked = { ...stage, side: 'combined' as const };
    const say = (
      thread: number,
      request: number,
      from: number,
      added: readonly string[],
      ids: readonly number[],
    ): void => {
      threads.events[thread]?.message({
        kind: 'combined',
        request,
        partition: 0,
        news: { stage: 0, from, added: { kind: 'others', values: added } },
        ids: Int32Array.from(ids),
        values: { kind: 'numbers', values: Float64Array.from(ids, () => 1) },
      });
    };
    const answers = [1, 2, 3].flatMap((time) => program.make(0, { ...asked, time }, [0], []));
    say(0, 1, 0, ['a', 'b'], [0, 1]);
    // Nobody waits for it any more, but what comes behind builds upon it.
    say(0, 99, 2, ['c'], [2]);
    say(0, 2, 3, ['d'], [3, 2]);
    threads.events[0]?.ended('it was killed');
    threads.events[1]?.message({ kind: 'built', description });
    await new Promise(setImmediate);
    say(1, 4, 0, ['d'], [0]);
    const made = (await Promise.all(answers)).map((answer) =>
      answer.kind === 'combined' ? Array.from(answer.columns.ids ?? [], (id) => answer.columns.keys[id]) : [],
    );
    expect(made).toEqual([['a', 'b'], ['d', 'c'], ['d']]);
  });

  it.each([
    ['what was asked before', true],
    ['what is asked afterwards', false],
  ])('refuse %s when nothing can take the place of one that has died', async (_, isBefore) => {
    const { threads, program } = await opened();
    const before = isBefore ? program.make(0, stage, [0], []) : [];
    threads.events[0]?.ended('it was killed');
    threads.events[1]?.message({ kind: 'notBuilt', reason: 'its file has gone' });
    const answers = isBefore ? before : program.make(0, stage, [0], []);
    await expect(counted(answers)).rejects.toMatchObject({
      code: 'STREAM_THREAD_ENDED',
      params: { reason: 'its file has gone' },
    });
  });
});
