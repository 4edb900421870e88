import { describe, expect, it } from '@jest/globals';
import type { DataFrame, StatefulProcessorHandle } from '../../../lib/index.ts';
import { asked, type Build, type Fed } from './why-scene.ts';

const batches: readonly Fed[][] = [[['a', 3], ['b', 4]], [['c', 16]], [['a', 5]]]; // prettier-ignore

const groups =
  (calls: string[]): Build =>
  (df) =>
    df.groupBy('k').flatMapGroupsWithState(
      (key, _, state) => {
        calls.push(String(key['k']));
        state.update({ n: 1 });
        if (!state.hasTimedOut) state.setTimeoutTimestamp(Date.UTC(2024, 0, 1, 0, 1));
        return [];
      },
      { outputSchema: 'n INT', stateSchema: 'n INT', outputMode: 'append', timeout: 'EventTimeTimeout' },
    );

describe('why, of programs with state', () => {
  it('tells of groups with state what is kept, and which timer is set', async () => {
    const calls: string[] = [];
    const answers = await asked(groups(calls), { batches }, async (query) => {
      const before = calls.length;
      const found = {
        key: await query.why({ key: { k: 'b' } }),
        late: await query.why('0:3'),
        record: await query.why('0:0'),
        time: await query.why('2024-01-01 00:00:03'),
      };
      // Asking calls nothing.
      expect(calls).toHaveLength(before);
      return found;
    });
    expect(answers.key.keys).toMatchObject([{ isInState: true, sinceBatch: 0, timersMs: [1_704_067_260_000] }]);
    expect(answers.key.text).toContain('Timers: 2024-01-01 00:01:00; the watermark is 2024-01-01 00:00:11.');
    expect(answers.late.records[0]?.steps).toMatchObject([{ outcome: 'late', lateByMs: 6000 }]);
    expect(answers.record.records[0]?.steps).toMatchObject([{ outcome: 'counted', state: { isInState: true } }]);
    expect(answers.time.text).toContain('The next timer is at 2024-01-01 00:01:00; the watermark is');
  });

  it('tells of a processor its variables and timers, and leaves the processor alone', async () => {
    const inits: StatefulProcessorHandle[] = [];
    let closed = 0;
    const processor = {
      handle: undefined as StatefulProcessorHandle | undefined,
      seen: undefined as ReturnType<StatefulProcessorHandle['getValueState']> | undefined,
      init(handle: StatefulProcessorHandle) {
        this.handle = handle;
        this.seen = handle.getValueState('seen', 'n INT');
        inits.push(handle);
      },
      *handleInputRows(key: { k: string }) {
        this.seen?.update({ n: 1 });
        if (key.k === 'a') this.handle?.registerTimer(Date.UTC(2024, 0, 1, 0, 2));
        yield* [];
      },
      close() {
        closed++;
      },
    };
    const build = (df: DataFrame): DataFrame =>
      df
        .groupBy('k')
        .transformWithState(processor, { outputSchema: 'n INT', outputMode: 'append', timeMode: 'EventTime' });
    const [key, record, gone] = await asked(build, { batches }, async (query) => {
      const answers = [
        await query.why({ key: { k: 'a' } }),
        await query.why('0:1'),
        await query.why({ key: { k: 'z' } }),
      ];
      expect([inits.length, closed]).toEqual([1, 0]);
      return answers;
    });
    expect(key?.keys).toMatchObject([
      { isInState: true, sinceBatch: 0, timersMs: [1_704_067_320_000], variables: ['seen'] },
    ]);
    expect(record?.records[0]?.steps).toMatchObject([{ outcome: 'counted', key: { k: 'b' }, state: { timersMs: [] } }]);
    expect(gone?.keys).toMatchObject([{ isInState: false }]);
  });
});
