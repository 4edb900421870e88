import type { Lesson } from '../lesson.ts';

export const pitfallSlowBatches: Lesson = {
  name: 'pitfall-slow-batches',
  title: 'Pitfall 4: processing time above the interval',
  text: [
    'Batches run one at a time. When one takes longer than the interval, the next waits, and the one after it waits longer: the delay grows without end although every batch succeeds.',
    'Watch the scheduling delay. Mend: a longer interval (fixed costs are paid less often), less work a record, fewer records a batch (maxRatePerPartition, backpressure).',
  ],
  question: 'An interval of one second, 1.5 seconds of work a batch. How long does the fourth batch wait?',
  choices: [
    {
      text: '0.5 s, like all others',
      shows: 'processing 1500 ms, waited 501 ms',
    },
    {
      text: '1.5 s: half a second more each time',
      shows: 'processing 1500 ms, waited 1500 ms',
    },
  ],
  seen: '0, 500, 1000, 1500: half a second more with every batch. It caught up only because the records came to an end.',
  task: 'The work is a fixed cost of each batch: choose an interval that holds it.',
  goal: ['processing 1500 ms, waited 0 ms'],
  never: ['waited 5', 'waited 1'],
  hint: "context('2 seconds')",
};
