import { host } from '../../io/host.ts';
import { manifestFolder } from '../../io/file-manifest.ts';
import { TextOptions } from '../../io/text-options.ts';
import { systemClock } from '../../kernel/clock.ts';
import { raise } from '../../kernel/errors.ts';
import type { Attribute } from '../expressions/typed-expression.ts';
import type { InternalRow } from '../types/data-type.ts';
import type { QuerySink } from './query-sink.ts';
import { rowTexts } from './row-texts.ts';
import { consoleSink } from './sinks/console-sink.ts';
import { sinkFormats } from './sinks/create-sink.ts';
import { isFileFormat } from './sinks/file-formats.ts';
import { FileParts } from './sinks/file-parts.ts';
import { kafkaSink } from './sinks/kafka-table-sink.ts';
import { NoopSink } from './sinks/noop-sink.ts';

/** A table to be written once. */
export interface SaveRequest {
  readonly format: string;
  readonly mode: 'append' | 'overwrite' | 'error' | 'ignore';
  readonly options: Readonly<Record<string, string>>;
  readonly partitionBy: readonly string[];
  readonly output: readonly Attribute[];
  readonly rows: () => Promise<readonly InternalRow[]>;
  readonly timeZone: string;
}

/** Writes static rows to where a format says. */
export async function saveRows(request: SaveRequest): Promise<void> {
  const format = request.format.toLowerCase();
  if (isFileFormat(format)) {
    await saveFiles(request, new FileParts(format, request.options, request.partitionBy, request));
    return;
  }
  const sink = sinkOf(format, request);
  sink.begin({ batchId: 0, attempt: 1 });
  try {
    for (const row of await request.rows()) sink.add(row);
    await sink.end();
  } finally {
    await sink.close();
  }
}

function sinkOf(format: string, { options, output, timeZone }: SaveRequest): QuerySink {
  switch (format) {
    case 'noop':
      return new NoopSink();
    case 'console':
      return consoleSink(options, output, rowTexts(output, timeZone));
    case 'kafka':
      return kafkaSink(new TextOptions(options), output, {
        clock: systemClock,
        warn: (text) => {
          host().warn(text);
        },
      });
    default:
      return raise('DATA_SOURCE_NOT_FOUND', { provider: format, action: 'write', known: sinkFormats.join(', ') });
  }
}

async function saveFiles({ format, mode, options, rows }: SaveRequest, parts: FileParts): Promise<void> {
  const { files } = host();
  const folder = new TextOptions(options).get('path');
  if (folder === undefined) {
    raise('SINK_OPTION_MISSING', { format, what: 'the folder of its files', example: ".save('./out')" });
  }
  const isThere = await files.exists(folder);
  if (isThere && mode === 'ignore') return;
  if (isThere && mode === 'error') raise('SINK_EXISTS', { path: folder });
  const old = isThere && mode === 'overwrite' ? await files.list(folder) : [];
  const lists = `${folder}/${manifestFolder}`;
  const oldLists = isThere && mode === 'overwrite' && (await files.exists(lists)) ? await files.list(lists) : [];
  parts.begin();
  for (const row of await rows()) parts.add(row);
  const written = await parts.write(folder);
  if (written.length === 0) await files.writeText(`${folder}/_SUCCESS`, ['']);
  for (const { name } of old) await files.remove(`${folder}/${name}`);
  for (const { name } of oldLists) await files.remove(`${lists}/${name}`);
  await files.writeText(`${folder}/_SUCCESS`, ['']);
}
