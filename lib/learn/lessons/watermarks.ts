import type { Lesson } from '../lesson.ts';

export const watermarks: Lesson = {
  name: 'watermarks',
  title: 'The watermark',
  compares: 'tumbling',
  text: [
    'When is a window complete? Nobody knows: a record may always come later. A watermark is the promise to wait only so long: the greatest event time seen so far, less a delay. Windows that end at or before it are finished.',
    'It moves at the end of a batch and holds from the next one on; when it has moved, a batch without data follows at once and gives out what is finished.',
  ],
  question:
    'Windows of ten seconds, a delay of 5 seconds. Clicks come at 12:00:03, :08 and :14. Is the first window given out?',
  choices: [
    {
      text: 'Yes: 12:00:14 is past its end',
      shows: 'batch 5: 12:00:00-12:00:10 2',
    },
    {
      text: 'No: the watermark is 12:00:09',
      shows: 'batch 5: nothing',
    },
  ],
  seen: 'The window closes with an event at 12:00:15 or later: its end plus the delay.',
  task: 'Trust the clock of the clicks: wait for nobody, so that the click of 12:00:14 closes the first window.',
  goal: ['batch 5: 12:00:00-12:00:10 2'],
  hint: 'The delay is the second argument of withWatermark.',
};
