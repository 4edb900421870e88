import type { LiveFeed } from '../../compare/live.ts';
import { recordOf } from '../../compare/read-records.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { CommandRequest } from '../command.ts';
import { openTopic, readTopic } from '../read-topic.ts';

/**
 * The records of a topic from now on. A value is a JSON object with `time` (the record's own timestamp is taken without it), `key` (the
 * record's key), `value` and `stream`; what is none is told and left out.
 */
export function liveFeed({ flags, terminal }: CommandRequest, topic: string, ended: Promise<unknown>): LiveFeed {
  const brokers = flags.brokers('brokers', ['localhost:9092']);
  return {
    clock: systemClock,
    forMs: flags.duration('for', '1 minute'),
    ended,
    begin: async (take) => {
      const source = openTopic(topic, brokers, (text) => {
        terminal.warn(text);
      });
      // Fails here, and not in the middle, when the broker cannot be reached.
      await source.open(undefined);
      const reading = readTopic(
        source,
        { from: 'latest', max: Number.POSITIVE_INFINITY, untilEnd: false },
        (record) => {
          const { offset, partition, timestamp, key, value } = record;
          try {
            const fields = recordOf(value ?? '', offset, { eventMs: timestamp, key: key ?? '', partition });
            take(fields);
          } catch (error) {
            terminal.warn(`Record ${topic}-${partition} at ${offset} is left out: ${String(error)}`);
          }
        },
      );
      let isOver = false;
      // Once the source is closed under it, its failure is of no interest.
      reading.catch((error: unknown) => {
        if (!isOver) terminal.warn(String(error));
      });
      return () => {
        if (isOver) return;
        isOver = true;
        void source.close();
      };
    },
    onWaiting: (what, ms) => {
      const seconds = Math.ceil(ms / 1000);
      terminal.note(
        what === 'start'
          ? `Windows begin in ${seconds} s; then the records of ${topic} are taken. Ctrl-C ends that.`
          : `No more records are taken; the windows that are open end in ${seconds} s.`,
      );
    },
  };
}
