import type { Lesson } from '../lesson.ts';

export const pitfallWindowConfiguration: Lesson = {
  name: 'pitfall-window-configuration',
  title: 'Pitfall 1: the configuration of a window',
  compares: 'sliding',
  text: [
    'A slide longer than the window leaves gaps, and rows that fall into them are in no window. Structured streaming refuses it at once; a DStream runs it and leaves the gaps out.',
    'In a DStream both lengths must be multiples of the batch interval, since its windows are made of batches: there it refuses at once.',
  ],
  question: "window('at', '10 seconds', '30 seconds') is",
  choices: [
    {
      text: 'refused',
      shows: '[DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION]...',
    },
    {
      text: 'a window of ten seconds every half minute',
      shows: 'batch 0: 12:00:00-12:00:10 1',
    },
  ],
  seen: 'Length and slide are easily exchanged: the error names both.',
  task: 'Ten seconds, one window after the other.',
  goal: ['batch 0: 12:00:00-12:00:10 1, 12:00:10-12:00:20 1'],
  hint: 'Leave the slide out.',
};
