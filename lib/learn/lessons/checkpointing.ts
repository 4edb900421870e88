import type { Lesson } from '../lesson.ts';

export const checkpointing: Lesson = {
  name: 'checkpointing',
  title: 'Checkpoints',
  text: [
    'A checkpoint holds what a query needs to go on: which records each batch takes (written before it runs), and state and offsets (written together when it is done). A restart runs the batch that was in flight with the same records, and goes on.',
    'Without a checkpoint location a query starts from the beginning, or from the end, and with empty state.',
  ],
  question: 'The query is stopped after ann, bob, ann and started again; bob clicks once more. The second run prints',
  choices: [
    {
      text: 'batch 0: ann 2, bob 2',
      shows: 'batch 0: ann 2, bob 2',
    },
    {
      text: 'batch 1: ann 2, bob 2',
      shows: 'batch 1: ann 2, bob 2',
    },
    {
      text: 'batch 0: bob 1',
      shows: 'batch 0: bob 1',
    },
  ],
  seen: 'It has read everything again, as batch 0: nobody had kept how far it was. Had the source started at its end, bob would have 1.',
  task: 'Let the second run go on where the first one ended.',
  goal: ['batch 0: ann 2, bob 1', 'batch 1: ann 2, bob 2'],
  never: ['batch 0: ann 2, bob 2'],
  hint: ".option('checkpointLocation', 'clicks')",
};
