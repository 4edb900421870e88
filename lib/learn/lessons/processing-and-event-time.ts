import type { Lesson } from '../lesson.ts';

export const processingAndEventTime: Lesson = {
  name: 'processing-and-event-time',
  title: 'Processing time and event time',
  compares: 'tumbling',
  text: [
    'A record has two times: when it happened (event time, in the record) and when it came (processing time, the batch that took it). They differ by network, retries, and phones in tunnels.',
    'DStreams know processing time only. A click made at 12:00:09 that arrives at 12:00:11 is counted where it arrived.',
  ],
  question:
    'ann clicks at 12:00:03 and at 12:00:09; the second click arrives at 12:00:11. Batches are ten seconds long. What is counted in the first?',
  choices: [
    {
      text: 'Both clicks: they happened before 12:00:10',
      shows: '12:00:10: (ann,2)',
    },
    {
      text: 'One click: the other had not come',
      shows: '12:00:10: (ann,1)',
    },
  ],
  seen: 'The batch says what had arrived. Nobody can tell from it when things happened.',
  task: 'Count by the time of the click: windows of ten seconds of event time. The click of 12:00:09 belongs to the first.',
  goal: ['batch 1: 12:00:00-12:00:10 ann 2, 12:00:10-12:00:20 ann 1'],
  hint: "A memoryStream of (user, at), groupBy(window('at', '10 seconds'), 'user'), update mode.",
};
