import type { Lesson } from '../lesson.ts';

export const tumblingWindows: Lesson = {
  name: 'tumbling-windows',
  title: 'Tumbling windows',
  compares: 'tumbling',
  text: [
    'A tumbling window is a grid on event time: every row falls into exactly one. A window holds its start and not its end.',
    'The grid is laid from 1970-01-01T00:00:00 UTC on, not from the first event or from the start of the query, so a restart changes nothing.',
  ],
  question: 'The first click is at 12:00:00. Does a window of seven seconds begin there?',
  choices: [
    {
      text: 'Yes: 12:00:00-12:00:07',
      shows: 'batch 0: 12:00:00-12:00:07...',
    },
    {
      text: 'No: the grid comes from 1970',
      shows: 'batch 0: 11:59:5...',
    },
  ],
  seen: 'Seven does not divide the seconds since 1970 up to noon, so the grid stands askew.',
  task: 'Shift the grid so that a window begins at 12:00:00.',
  goal: ['batch 0: 12:00:00-12:00:07 2, 12:00:07-12:00:14 1'],
  hint: 'window(time, length, slide, start): the fourth argument shifts the grid. The run shows by how much.',
};
