import type { KafkaStreamOptions } from '../io/kafka-stream-options.ts';
import { failure, raise } from '../kernel/errors.ts';
import { functionFailed } from '../rdd/function-failure.ts';
import type { SourceSettings } from './inputs/source-input.ts';

/** The rates of a Kafka stream, checked: numbers for all partitions, or a function of topic and partition for the most. */
export function kafkaRates({ maxRatePerPartition, minRatePerPartition }: KafkaStreamOptions): SourceSettings {
  return {
    ...(maxRatePerPartition === undefined ? {} : { maxRatePerPartition: mostOf(maxRatePerPartition) }),
    ...(minRatePerPartition === undefined
      ? {}
      : { minRatePerPartition: requireRate('minRatePerPartition', minRatePerPartition) }),
  };
}

function mostOf(
  given: NonNullable<KafkaStreamOptions['maxRatePerPartition']>,
): NonNullable<SourceSettings['maxRatePerPartition']> {
  if (typeof given !== 'function') return requireRate('maxRatePerPartition', given);
  return (name) => {
    const dash = name.lastIndexOf('-');
    const operator = 'maxRatePerPartition';
    let rate: number;
    try {
      rate = given(name.slice(0, dash), Number(name.slice(dash + 1)));
    } catch (error) {
      throw functionFailed(operator, error);
    }
    if (typeof rate === 'number' && rate >= 0) return rate;
    throw failure('CONFIG_VALUE', {
      name: `maxRatePerPartition of ${name}`,
      value: String(rate),
      expected: 'records a second, or 0 for no limit',
    });
  };
}

function requireRate(name: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  return raise('CONFIG_VALUE', { name, value: String(value), expected: 'a whole number of records above 0' });
}
