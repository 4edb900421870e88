import { afterEach, expect, it } from '@jest/globals';
import { ManualClock, StreamingContext } from '../../lib/index.ts';
import { MemoryStore } from '../../lib/store/memory-store.ts';
import type { BatchPlan, CommitRecord, CommitStats } from '../../lib/store/state-store.ts';
import { SourceInput } from '../../lib/streaming/inputs/source-input.ts';
import { FakeSource } from '../helpers/fake-source.ts';
import { gate } from '../helpers/gate.ts';

afterEach(async () => {
  await StreamingContext.getActive()?.stop();
});

/** Notes what a durable store would flush. */
class NotingStore extends MemoryStore {
  readonly flushes: string[] = [];

  override plan(plans: readonly BatchPlan[]): void {
    this.flushes.push(`plan ${plans.map(({ batchTime }) => batchTime).join(' ')}`);
    super.plan(plans);
  }

  override commit(record: CommitRecord, following?: BatchPlan): CommitStats {
    this.flushes.push(`commit ${record.batchTime}${following === undefined ? '' : `, plan ${following.batchTime}`}`);
    return super.commit(record, following);
  }
}

it('flushes once for each batch of a backlog: its plan is durable with the commit before', async () => {
  const clock = new ManualClock();
  const store = new NotingStore({ clock });
  const ssc = new StreamingContext({
    appName: 'flushes',
    batchInterval: 1000,
    clock,
    openCheckpoint: () => Promise.resolve(store),
  });
  ssc.checkpoint('memory:flushes');
  const source = new FakeSource({ 'in-0': ['a', 'b', 'c', 'd', 'e', 'f'] });
  const begun: string[] = [];
  const slow = gate();
  ssc
    .inputStream('kafka', (step, slide) => new SourceInput(step, slide, source, { maxRatePerPartition: 1 }))
    .foreachRDD(async (rdd, time) => {
      begun.push(`${time}: ${(await rdd.collect()).join('')} after ${store.flushes.at(-1)}`);
      // The second batch is slow: three more are due when it ends.
      if (time !== 2000) return;
      clock.waitsInWork(slow.passed);
      await slow.passed;
    });
  await ssc.start();
  await clock.advance(5000);
  slow.open();
  await clock.idle();
  expect(store.flushes).toEqual([
    'plan 1000',
    'commit 1000',
    'plan 2000',
    'commit 2000, plan 3000',
    'commit 3000, plan 4000',
    'commit 4000, plan 5000',
    'commit 5000',
  ]);
  expect(begun).toEqual([
    '1000: a after plan 1000',
    '2000: b after plan 2000',
    '3000: c after commit 2000, plan 3000',
    '4000: d after commit 3000, plan 4000',
    '5000: e after commit 4000, plan 5000',
  ]);
});
