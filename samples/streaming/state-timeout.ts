// Keeps a visit for each user: its clicks are counted by mapWithState, and a user who is idle for more than a second has left.
// One sees each click with its number, and each visit once it is over; a user who comes back begins a new one.
import { type ProgramEnv, type State, StateSpec, StreamingContext } from 'millrace';

function click(user: string, page: string | null, visit: State<number>): string {
  if (visit.isTimingOut()) return `${user} has left after ${visit.get()} clicks`;
  visit.update((visit.getOption() ?? 0) + 1);
  return `${user} looks at ${page}, click ${visit.get()}`;
}

export default function stateTimeout(env: ProgramEnv): StreamingContext {
  const ssc = new StreamingContext({ appName: 'state-timeout', batchInterval: '500 ms' });
  ssc.checkpoint(env.checkpointDir);
  const clicks = ssc.kafkaStream<string>({
    brokers: env.brokers,
    topics: ['clicks'],
    startingOffsets: 'earliest',
    maxRatePerPartition: 4,
  });

  const visits = clicks
    .map((record) => [record.key, record.value] as const)
    .mapWithState(StateSpec.function(click).timeout('1 second'))
    .name('visits');

  let batch = 0;
  visits.foreachRDD(async (rdd) => {
    console.log(`Batch ${++batch}`);
    for (const line of await rdd.collect()) console.log(`  ${line}`);
  });
  // What is kept after each batch: users who have left are gone.
  visits.stateSnapshots().foreachRDD(async (rdd) => {
    console.log(`  there: ${(await rdd.keys().collect()).toSorted().join(' ')}`.trimEnd());
  });
  return ssc;
}
