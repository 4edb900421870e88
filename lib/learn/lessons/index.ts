import type { Lesson } from '../lesson.ts';
import { batchIntervals } from './batch-intervals.ts';
import { processingAndEventTime } from './processing-and-event-time.ts';
import { watermarks } from './watermarks.ts';
import { dataframes } from './dataframes.ts';
import { statefulOperations } from './stateful-operations.ts';
import { outputModes } from './output-modes.ts';
import { checkpointing } from './checkpointing.ts';
import { tumblingWindows } from './tumbling-windows.ts';
import { slidingWindows } from './sliding-windows.ts';
import { sessionWindows } from './session-windows.ts';
import { lateData } from './late-data.ts';
import { stateStores } from './state-stores.ts';
import { recovery } from './recovery.ts';
import { monitoring } from './monitoring.ts';
import { exercise1 } from './exercise-1.ts';
import { exercise2 } from './exercise-2.ts';
import { bestPractices } from './best-practices.ts';
import { pitfallWindowConfiguration } from './pitfall-window-configuration.ts';
import { pitfallMissingWatermark } from './pitfall-missing-watermark.ts';
import { pitfallGrowingState } from './pitfall-growing-state.ts';
import { pitfallSlowBatches } from './pitfall-slow-batches.ts';
import { pitfallChangedCheckpoint } from './pitfall-changed-checkpoint.ts';

/** Lessons about one thing. */
interface LessonGroup {
  readonly title: string;
  readonly lessons: readonly Lesson[];
}

/** In the order in which they build on each other. */
export const lessonGroups: readonly LessonGroup[] = [
  {
    title: 'The ideas',
    lessons: [
      batchIntervals,
      processingAndEventTime,
      watermarks,
      dataframes,
      statefulOperations,
      outputModes,
      checkpointing,
    ],
  },
  { title: 'Windows of event time', lessons: [tumblingWindows, slidingWindows, sessionWindows, lateData] },
  { title: 'Programs that run for months', lessons: [stateStores, recovery, monitoring] },
  { title: 'Exercises', lessons: [exercise1, exercise2] },
  {
    title: 'Good practice and pitfalls',
    lessons: [
      bestPractices,
      pitfallWindowConfiguration,
      pitfallMissingWatermark,
      pitfallGrowingState,
      pitfallSlowBatches,
      pitfallChangedCheckpoint,
    ],
  },
];

/** All of them, in the same order. */
export const lessons: readonly Lesson[] = lessonGroups.flatMap((group) => group.lessons);
