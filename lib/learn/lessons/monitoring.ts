import type { Lesson } from '../lesson.ts';

export const monitoring: Lesson = {
  name: 'monitoring',
  title: 'Monitoring',
  text: [
    'Every batch leaves a progress: rows in, the watermark in force, state rows and bytes, rows dropped, how long each phase took. Listeners get it, query.lastProgress keeps it, the live page and /metrics draw it.',
    'Watch four things: batch duration against the trigger, input rate against processing rate, the gap between watermark and now, and state rows.',
  ],
  question:
    'Clicks at 12:00:03 and 12:00:15, windows of ten seconds, watermark delay 0. How many rows has the batch that gives the first window out?',
  choices: [
    {
      text: 'One: the click that moved the watermark',
      shows: 'batch 3: 1 rows...',
    },
    {
      text: 'None: it is a batch without data',
      shows: 'batch 3: 0 rows...',
    },
  ],
  seen: 'Results in append mode come out in batches without rows. A chart of input rows alone shows them as idle.',
  task: 'Print the watermark and the rows in state as well, as `batch 3: 0 rows, watermark 12:00:15, state 1`.',
  goal: ['batch 3: 0 rows, watermark 12:00:15, state 1'],
  hint: "eventTime['watermark'] is an ISO text; counts?.numRowsTotal.",
};
