import { TextOptions } from '../../../io/text-options.ts';
import { host } from '../../../io/host.ts';
import { raise } from '../../../kernel/errors.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { QueryOptions } from '../../backend.ts';
import type { Attribute } from '../../expressions/typed-expression.ts';
import type { QuerySink } from '../query-sink.ts';
import { rowWriter, schemaOf } from '../../operators/row-objects.ts';
import { rowTexts } from '../row-texts.ts';
import { consoleSink } from './console-sink.ts';
import { fileSink } from './file-sink.ts';
import { ForeachSink } from './foreach-sink.ts';
import { isFileFormat } from './file-formats.ts';
import { kafkaSink } from './kafka-table-sink.ts';
import { memorySink, type ViewHolder } from './memory-sink.ts';
import { NoopSink } from './noop-sink.ts';
import { RowsSink } from './rows-sink.ts';

export interface SinkSetup {
  readonly output: readonly Attribute[];
  readonly timeZone: string;
  readonly clock: Clock;
  readonly views: ViewHolder;
  /** The query has a checkpoint that outlives it. */
  readonly isRecoverable: boolean;
  /** After so many batches the lists of written files become one. */
  readonly fileLogCompactInterval: number;
}

/** Formats that a stream can be written to. */
export const sinkFormats = [
  'console',
  'csv',
  'foreach',
  'foreachBatch',
  'json',
  'kafka',
  'memory',
  'noop',
  'text',
] as const;

/** The sink of a query by its format. Everything that is wrong with its options, columns and output mode is raised here. */
export function createQuerySink(options: QueryOptions, setup: SinkSetup): QuerySink {
  const { output } = setup;
  const { foreachBatch, foreach, format, mode } = options;
  if (foreachBatch !== undefined) {
    return new RowsSink('ForeachBatchSink', async (rows, { batchId }) => {
      await foreachBatch({ rows, output, batchId });
    });
  }
  if (foreach !== undefined) return new ForeachSink(foreach, rowWriter(schemaOf(output)));
  const known = format.toLowerCase();
  if (isFileFormat(known)) return fileSink(known, options, setup);
  switch (known) {
    case 'noop':
      return new NoopSink();
    case 'console':
      return consoleSink(options.options, output, rowTexts(output, setup.timeZone));
    case 'memory':
      return memory(options, setup);
    case 'kafka':
      return kafkaSink(new TextOptions(options.options), output, {
        clock: setup.clock,
        warn: (text) => {
          host().warn(text);
        },
      });
    default:
      return raise('DATA_SOURCE_NOT_FOUND', {
        provider: format,
        action: `write a stream in ${mode} mode`,
        known: sinkFormats.join(', '),
      });
  }
}

function memory({ name, mode }: QueryOptions, { output, views }: SinkSetup): QuerySink {
  if (name === undefined) {
    raise('SINK_OPTION_MISSING', { format: 'memory', what: 'a name for its table', example: ".queryName('results')" });
  }
  return memorySink(name, output, mode, views);
}
