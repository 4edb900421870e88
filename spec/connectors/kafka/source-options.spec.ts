import { describe, expect, it } from '@jest/globals';
import { parseSinkOptions } from '../../../lib/connectors/kafka/sink-options.ts';
import { MillraceError } from '../../../lib/kernel/errors.ts';
import { parseSourceOptions } from '../../../lib/connectors/kafka/source-options.ts';

/** The text of the one error that names them all. */
function problemsOf(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'KAFKA_OPTIONS' && error.exitCode === 2) return error.message;
    throw error;
  }
  return 'no problem';
}

const least = { brokers: ['localhost:9092'], topics: ['t'] };

describe('the options of kafkaStream', () => {
  it('have safe defaults', () => {
    expect(parseSourceOptions(least)).toMatchObject({
      startAt: { at: 'latest' },
      key: 'utf8',
      value: 'utf8',
      readCommitted: true,
      failOnDataLoss: true,
      ssl: false,
      sasl: undefined,
      groupId: undefined,
      maxRatePerPartition: undefined,
    });
  });

  it.each<[string, object, object]>([
    ['brokers as one text', { brokers: 'a:1, b:2' }, { brokers: ['a:1', 'b:2'] }],
    ['one topic as a text', { topics: 't' }, { subscription: { by: 'topics', topics: ['t'] } }],
    ['a time', { startingOffsets: { timestamp: 5 } }, { startAt: { at: 'timestamp', timestamp: 5 } }],
    [
      'offsets by partition',
      { startingOffsets: { 't-0': 3, 'a-b-1': 4 } },
      {
        startAt: {
          at: 'offsets',
          offsets: new Map([
            ['t-0', 3],
            ['a-b-1', 4],
          ]),
        },
      },
    ],
    [
      'offsets by topic, as in Spark',
      { startingOffsets: { t: { 0: 3, 1: -1 } } },
      {
        startAt: {
          at: 'offsets',
          offsets: new Map([
            ['t-0', 3],
            ['t-1', -1],
          ]),
        },
      },
    ],
  ])('take %s', (_, options, expected) => {
    expect(parseSourceOptions({ ...least, ...options })).toMatchObject(expected);
  });

  it('match a pattern against the whole name', () => {
    const { subscription } = parseSourceOptions({ brokers: 'a:1', topicPattern: 'in.*' });
    expect(
      subscription.by === 'pattern' && ['in', 'in-1', 'main'].filter((name) => subscription.pattern.test(name)),
    ).toEqual(['in', 'in-1']);
  });

  it.each<[object, readonly string[]]>([
    [{}, ['brokers is missing', 'give exactly one of topics, topicPattern and assignment (none is given)']],
    [{ ...least, topicPattern: 'x' }, ['topics and topicPattern are given']],
    [{ ...least, broker: 'x', startOffsets: 1 }, ['no option broker, did you mean brokers?', 'no option startOffsets']],
    [{ ...least, brokers: ['host:99999'] }, ['brokers: host:99999 is not host:port']],
    [{ ...least, startingOffsets: 'first' }, ["startingOffsets must be 'earliest'"]],
    [
      { ...least, startingOffsets: { 't-0': -5, t: 1 } },
      ['startingOffsets of t-0', 't is not of the form topic-partition'],
    ],
    [
      { ...least, deserialize: { value: 'avro', header: 'utf8' } },
      ['deserialize.value', 'deserialize.header does not exist'],
    ],
    [
      { ...least, maxRatePerPartition: 0, failOnDataLoss: 'no' },
      ['maxRatePerPartition must be', 'failOnDataLoss must be true or false'],
    ],
    [{ brokers: 'a:1', assignment: { t: [] } }, ['assignment of t must be a list']],
    [{ brokers: 'a:1', topicPattern: '(' }, ['topicPattern ( is not a regular expression']],
    [{ ...least, sasl: { username: 'x' } }, ['sasl must be an object']],
  ])('report all that is wrong with %j', (options, problems) => {
    const message = problemsOf(() => parseSourceOptions(options as Record<string, unknown>));
    for (const problem of problems) expect(message).toContain(problem);
  });
});

describe('the options of toKafka', () => {
  it.each<[object, readonly string[]]>([
    [{ brokers: 'a:1' }, ['topic is missing']],
    [
      { brokers: 'a:1', topic: 't', compression: 'zip', key: 'id' },
      ['compression must be one of', 'key must be a function'],
    ],
    [{ brokers: 'a:1', topic: 't', topics: ['t'] }, ['no option topics, did you mean topic?']],
  ])('report all that is wrong with %j', (options, problems) => {
    const message = problemsOf(() => parseSinkOptions(options as Record<string, unknown>));
    for (const problem of problems) expect(message).toContain(problem);
  });
});
