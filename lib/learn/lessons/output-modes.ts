import type { Lesson } from '../lesson.ts';

export const outputModes: Lesson = {
  name: 'output-modes',
  title: 'Output modes',
  compares: 'top-k',
  text: [
    'What a batch hands to the sink: append, rows that will never change; update, rows that changed in this batch; complete, the whole result.',
    'Append waits for the watermark. Complete keeps everything for ever, so there the watermark removes nothing.',
  ],
  question: 'Clicks at 12:00:03, :12 and :13, complete mode. The batch of the third click prints',
  choices: [
    {
      text: 'both windows',
      shows: 'batch 2: 12:00:00-12:00:10 1, 12:00:10-12:00:20 2',
    },
    {
      text: 'the window of the click',
      shows: 'batch 2: 12:00:10-12:00:20 2',
    },
    {
      text: 'nothing yet',
      shows: 'batch 2: nothing',
    },
  ],
  seen: 'The whole table each time. The first line of the run is a warning that says what the watermark does here: nothing.',
  task: 'Print only what changed.',
  goal: ['batch 0: 12:00:00-12:00:10 1', 'batch 4: 12:00:10-12:00:20 2'],
  never: ['QUERY_WATERMARK_IN_COMPLETE_MODE'],
  hint: "outputMode('update'). Batches without data come in between.",
};
