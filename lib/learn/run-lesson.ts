import { type Host, host, installHost } from '../io/host.ts';
import { MillraceError } from '../kernel/errors.ts';
import { ManualClock } from '../kernel/manual-clock.ts';
import { elementText } from '../rdd/element-text.ts';
import { StreamingContext } from '../streaming/streaming-context.ts';
import { Session } from '../structured/session.ts';
import type { LessonDesk, LessonProgram } from '../testing/lesson-desk.ts';
import { MemoryCheckpoints } from '../testing/memory-checkpoints.ts';
import { clockText, rowText } from './printed-values.ts';

const startMs = Date.UTC(2026, 0, 1, 12);

/**
 * Runs the program of a lesson in virtual time and gives the lines that it printed: the same every time. Warnings of the engines are lines,
 * too, and so is the coded error that ends a program; whatever else a program throws is thrown on.
 */
export async function runLesson(program: LessonProgram): Promise<readonly string[]> {
  const lines: string[] = [];
  const print = (line: string): void => {
    lines.push(line);
  };
  const before = host();
  installHost(Object.create(before, { warn: { value: print } }) as Host);
  const clock = new ManualClock(startMs);
  const checkpoints = new MemoryCheckpoints();
  const spark = new Session({
    config: { 'spark.sql.session.timeZone': 'UTC' },
    clock,
    openCheckpoint: checkpoints.open,
  });
  try {
    await program(deskOf({ clock, spark, checkpoints, print }));
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    lines.push(...error.message.split('\n').filter((line) => line.trim() !== ''));
  } finally {
    await StreamingContext.getActive()?.stop();
    await spark.stop();
    installHost(before);
  }
  return lines;
}

interface Surroundings {
  readonly clock: ManualClock;
  readonly spark: Session;
  readonly checkpoints: MemoryCheckpoints;
  readonly print: (line: string) => void;
}

function deskOf({ clock, spark, checkpoints, print }: Surroundings): LessonDesk {
  return {
    clock,
    spark,
    checkpoints,
    print,
    context: (batchInterval) =>
      new StreamingContext({ appName: 'lesson', batchInterval, clock, openCheckpoint: checkpoints.open }),
    printBatch: async (batch, batchId) => {
      const rows = (await batch.collect()).map(rowText).toSorted();
      print(`batch ${batchId}: ${rows.join(', ') || 'nothing'}`);
    },
    printRDD: async (rdd, time) => {
      const elements = (await rdd.collect()).map(elementText).toSorted();
      print(`${clockText(time)}: ${elements.join(' ') || 'nothing'}`);
    },
    work: async (ms) => {
      const done = new Promise<void>((resolve) => {
        clock.schedule(() => {
          resolve();
        }, ms);
      });
      clock.waitsInWork(done);
      await done;
    },
  };
}
