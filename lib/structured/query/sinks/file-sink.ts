import { manifestFolder, type WrittenFile } from '../../../io/file-manifest.ts';
import { TextOptions } from '../../../io/text-options.ts';
import { raise } from '../../../kernel/errors.ts';
import type { QueryOptions } from '../../backend.ts';
import type { InternalRow } from '../../types/data-type.ts';
import type { QuerySink, SinkBatch } from '../query-sink.ts';
import type { SinkSetup } from './create-sink.ts';
import type { FileFormat } from './file-formats.ts';
import { FileParts } from './file-parts.ts';
import { FileSinkLog, type FileSinkLogRules } from './file-sink-log.ts';

/**
 * Writes each batch as new files of a folder, exactly once: a file counts only when the list of its batch, `_spark_metadata/<batch>`, is
 * there, the list is written last and whole, and a batch that has one is not written again. Readers of such a folder see only the files
 * that are in a list.
 */
export class FileSink implements QuerySink {
  readonly description: string;
  readonly #folder: string;
  readonly #parts: FileParts;
  readonly #log: FileSinkLog;
  #batchId = 0;
  #written: readonly WrittenFile[] = [];

  constructor(folder: string, parts: FileParts, rules: FileSinkLogRules) {
    this.#folder = folder.replace(/^file:(?:\/\/)?(?=\/)/u, '').replace(/(?<=.)\/+$/u, '');
    this.description = `FileSink[${this.#folder}]`;
    this.#parts = parts;
    this.#log = new FileSinkLog(`${this.#folder}/${manifestFolder}`, rules);
  }

  begin({ batchId }: SinkBatch): void {
    this.#batchId = batchId;
    this.#parts.begin();
    this.#written = [];
  }

  add(row: InternalRow): void {
    this.#parts.add(row);
  }

  async end(): Promise<void> {
    // It was written before a crash: what is in its list is what it had.
    if (await this.#log.has(this.#batchId)) {
      this.#parts.begin();
      return;
    }
    this.#written = await this.#parts.write(this.#folder);
    await this.#log.add(this.#batchId, this.#written);
  }

  metrics(): Readonly<Record<string, string>> {
    const bytes = this.#written.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return { numFiles: String(this.#written.length), numBytes: String(bytes) };
  }

  async close(): Promise<void> {
    this.#parts.begin();
  }
}

/** The file sink of a query; what it cannot be without is refused. */
export function fileSink(format: FileFormat, options: QueryOptions, setup: SinkSetup): QuerySink {
  const folder = new TextOptions(options.options).get('path');
  if (options.mode !== 'append') {
    raise('STREAMING_OUTPUT_MODE.UNSUPPORTED_DATASOURCE', { className: format, outputMode: options.mode });
  }
  if (folder === undefined || folder === '') {
    raise('SINK_OPTION_MISSING', { format, what: 'the folder of its files', example: ".option('path', './out')" });
  }
  if (!setup.isRecoverable) {
    raise('SINK_OPTION_MISSING', {
      format,
      what: 'a checkpoint, to write each batch once',
      example: ".option('checkpointLocation', './checkpoint')",
    });
  }
  return new FileSink(folder, new FileParts(format, options.options, options.partitionBy, setup), {
    compactInterval: setup.fileLogCompactInterval,
  });
}
