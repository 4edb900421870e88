import type { Lesson } from '../lesson.ts';

export const slidingWindows: Lesson = {
  name: 'sliding-windows',
  title: 'Sliding windows',
  compares: 'sliding',
  text: [
    'A sliding window begins every slide and is longer than it, so windows overlap and a row is in several: length / slide of them.',
    'Each of these is a group with state of its own: a window of an hour that slides by a second keeps 3600 rows for every key.',
  ],
  question: 'Length ten seconds, slide five. In how many windows is the click of 12:00:07?',
  choices: [
    {
      text: 'One',
      shows: 'batch 0: 12:00:05-12:00:15 1',
    },
    {
      text: 'Two',
      shows: 'batch 0: 12:00:00-12:00:10 1, 12:00:05-12:00:15 1',
    },
    {
      text: 'Ten',
      shows: 'batch 0: 11:59:58...',
    },
  ],
  seen: 'Ten divided by five.',
  task: 'Let a new window begin every two seconds: the click is then in five.',
  goal: [
    'batch 0: 11:59:58-12:00:08 1, 12:00:00-12:00:10 1, 12:00:02-12:00:12 1, 12:00:04-12:00:14 1, 12:00:06-12:00:16 1',
  ],
  hint: 'The slide is the third argument.',
};
