import type { Lesson } from '../lesson.ts';

export const lateData: Lesson = {
  name: 'late-data',
  title: 'Late data',
  compares: 'tumbling',
  text: [
    'A row is late when everything it could change is finished: for a window, when its end is not after the watermark. A row that is older than the watermark but whose window is open counts.',
    'Late rows are dropped. Spark counts them after grouping (two late rows of one window are one); customMetrics.lateRows is the exact number.',
  ],
  question: 'A delay of 10 seconds; the click of 12:00:04 comes after that of 12:00:30. What happens to it?',
  choices: [
    {
      text: 'It is counted in its window',
      shows: 'batch 3: 12:00:00-12:00:10 2',
    },
    {
      text: 'It is dropped',
      shows: 'late: 1',
    },
    {
      text: 'The query fails',
      shows: '[...',
    },
  ],
  seen: 'At 12:00:30 the watermark went to 12:00:20 and the first window was removed.',
  task: 'Wait long enough for that click.',
  goal: ['late: 0'],
  hint: 'The window ends at 12:00:10, so the watermark must not reach that: a delay of more than 20 seconds.',
};
