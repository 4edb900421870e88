import { type ProgramSource, takeProgramSource } from '../../batch/program-source.ts';
import { runControl } from '../../batch/run-control.ts';
import { host, type Threads } from '../../io/host.ts';
import { failure, type MillraceError } from '../../kernel/errors.ts';
import { localThreads } from '../../kernel/master.ts';
import type { Time } from '../../kernel/time.ts';
import type { StateStore } from '../../store/state-store.ts';
import type { Configuration } from '../configuration.ts';
import type { DStreamGraph } from '../dstream-graph.ts';
import type { InputNode, InputRun } from '../input-node.ts';
import { canBePlaced, Placement } from './placement.ts';
import { describeProgram } from './program-description.ts';
import { ProgramThreads } from './program-threads.ts';

export interface PlacementOptions {
  readonly appName: string;
  readonly batchMs: number;
  readonly program: DStreamGraph;
  readonly config: Configuration;
  readonly zeroTime: Time;
  readonly inputs: ReadonlyMap<InputNode<unknown>, InputRun<unknown>>;
  readonly store: StateStore;
  /** Functions of the program add to values of this thread. */
  readonly hasAccumulators: boolean;
  readonly warn: (text: string) => void;
}

/** The threads of a program at work. */
export interface OpenPlacement {
  readonly placement: Placement;
  close(): Promise<void>;
}

/** Starts the threads that a program asks for; undefined where it runs on this one, which is told with the reason when it asked for more. */
export async function openPlacement(options: PlacementOptions): Promise<OpenPlacement | undefined> {
  const { program, config, inputs, store, warn } = options;
  const source = takeProgramSource();
  const master = config.text('spark.master');
  const count = localThreads(master, host().threads?.processors ?? 1) ?? 1;
  if (count === 1) return undefined;
  let placement: Placement | undefined;
  const opened = await open(options, source, count, (reason) => placement?.died(reason));
  if (opened instanceof ProgramThreads) {
    placement = new Placement({ threads: opened, program, inputs, away: store.away, warn });
    return {
      placement,
      close: async () => {
        await opened.close();
      },
    };
  }
  warn(failure('STREAM_ONE_THREAD', { master, reason: opened.reason }).message);
  return undefined;
}

async function open(
  { appName, batchMs, program, config, zeroTime, hasAccumulators, warn }: PlacementOptions,
  given: ProgramSource | undefined,
  count: number,
  died: (reason: string) => MillraceError | undefined,
): Promise<ProgramThreads | { readonly reason: string }> {
  const { threads } = host();
  if (threads === undefined) return { reason: 'there are no threads on this host' };
  if (!canBePlaced(program)) return { reason: 'none of its inputs has partitions that threads could read' };
  if (config.flag('millrace.development')) return { reason: 'millrace.development looks at each element here' };
  if (hasAccumulators) return { reason: 'its functions may add to accumulators, which are here' };
  const { openCheckpoint, hasNoEffects, measuring } = runControl();
  if (openCheckpoint !== undefined || hasNoEffects === true || (measuring?.samples ?? 0) > 0)
    return { reason: 'it is being looked at step by step' };
  const source = given ?? ownSource(threads.mainProgram());
  if ('reason' in source) return source;
  const description = describeProgram(appName, batchMs, program);
  return await ProgramThreads.open({ threads, source, count, description, zeroTime, warn, died });
}

let ownIsTaken = false;

/** The file of this process. A second context of it may be another program: the threads would come to the first. */
function ownSource(main: ReturnType<Threads['mainProgram']>): ProgramSource {
  if ('reason' in main) return main;
  if (ownIsTaken) return { reason: 'it is not the first context of its process' };
  ownIsTaken = true;
  return { entry: 'program', data: main };
}
