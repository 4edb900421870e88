import type { Lesson } from '../lesson.ts';

export const pitfallMissingWatermark: Lesson = {
  name: 'pitfall-missing-watermark',
  title: 'Pitfall 2: no watermark',
  text: [
    'Append gives a row once and for ever. Without a watermark no window is ever finished, so there would never be a row.',
    'The watermark must be on the column that the window is made of, and before the groupBy.',
  ],
  question: 'A windowed count in append mode without withWatermark',
  choices: [
    {
      text: 'is refused at start',
      shows: '[STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION]...',
    },
    {
      text: 'gives nothing, for ever',
      shows: 'batch 0: nothing',
    },
    {
      text: 'gives each window when its time is over',
      shows: 'batch 0: 12:00:00-12:00:10 1',
    },
  ],
  seen: 'Better than a query that runs and prints empty tables.',
  task: 'Let the windows end five seconds after the newest click.',
  goal: ['batch 1: 12:00:00-12:00:10 1'],
  hint: "withWatermark('at', '5 seconds') before groupBy.",
};
