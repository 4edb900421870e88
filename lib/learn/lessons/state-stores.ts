import type { Lesson } from '../lesson.ts';

export const stateStores: Lesson = {
  name: 'state-stores',
  title: 'State stores and cleanup',
  text: [
    'State lives in tables by step: groups and their sums, keys that were seen, rows that wait for a match. With a checkpoint every batch writes what it changed, together with its offsets.',
    'What is never removed grows until memory or disk ends. A step removes state when the watermark says that it cannot be needed: for that the event time must be part of what the step goes by.',
  ],
  question:
    "dropDuplicates('id') behind a watermark; ids 1, 1, 2, 3 over 40 seconds, a delay of 10. How many are remembered at the end?",
  choices: [
    {
      text: 'One: only the newest can repeat',
      shows: 'orders remembered: 1',
    },
    {
      text: 'Three: every id for ever',
      shows: 'orders remembered: 3',
    },
  ],
  seen: 'The watermark is there but the key is only id: nothing says when an id is over. The first line of the run is the warning.',
  task: 'Remember an id only as long as it may come again within the watermark.',
  goal: ['orders remembered: 1'],
  never: ['QUERY_STATE_NEVER_SHRINKS'],
  hint: 'There is a dropDuplicates for that: dropDuplicatesWithinWatermark.',
};
