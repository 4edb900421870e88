import { raise } from '../kernel/errors.ts';

/** Topics with their partitions: `{ orders: 3 }`, or text such as 'orders:3,clicks:1' (one partition where none is named). */
export type TopicSpecs = Readonly<Record<string, number>> | string | readonly string[];

/** Reads any of the forms into names and partition counts. */
export function parseTopicSpecs(specs: TopicSpecs): ReadonlyMap<string, number> {
  if (typeof specs !== 'string' && !Array.isArray(specs)) {
    return new Map(
      Object.entries(specs as Readonly<Record<string, number>>).map(([name, count]) => [
        name,
        checked(`${name}:${count}`, count),
      ]),
    );
  }
  const texts = (typeof specs === 'string' ? [specs] : (specs as readonly string[])).flatMap((text) => text.split(','));
  return new Map(
    texts
      .map((text) => text.trim())
      .filter((text) => text !== '')
      .map((text) => parseOne(text)),
  );
}

function parseOne(text: string): [string, number] {
  const match = /^([^:]+?)(?::(\d+))?$/u.exec(text);
  if (match?.[1] === undefined) return raise('BROKER_TOPIC_SPEC', { spec: text });
  return [match[1], checked(text, Number(match[2] ?? 1))];
}

function checked(spec: string, partitions: number): number {
  if (!Number.isSafeInteger(partitions) || partitions < 1) raise('BROKER_TOPIC_SPEC', { spec });
  return partitions;
}
