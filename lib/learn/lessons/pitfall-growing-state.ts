import type { Lesson } from '../lesson.ts';

export const pitfallGrowingState: Lesson = {
  name: 'pitfall-growing-state',
  title: 'Pitfall 3: state that grows',
  text: [
    'A group stays in state until the watermark says that it is finished. Groups that have no time in them are never finished: with keys without a bound, sessions, orders, users of the world, the state grows until the machine ends.',
  ],
  question: 'Six sessions, one a minute, counted by session id. Groups in state at the end:',
  choices: [
    {
      text: 'two: the newest and one that may still come late',
      shows: 'groups in state: 2',
    },
    {
      text: 'six',
      shows: 'groups in state: 6',
    },
  ],
  seen: 'The warning of the first line came at the start: the state of this step never shrinks.',
  task: 'Count each session by minutes of event time and let go of a minute when it is ten seconds over.',
  goal: ['groups in state: 2'],
  never: ['QUERY_STATE_NEVER_SHRINKS'],
  hint: "withWatermark('at', '10 seconds') and window('at', '1 minute') beside 'session'.",
};
