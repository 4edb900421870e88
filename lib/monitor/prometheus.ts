import type { BatchFacts, OperatorFigures, ProgramFacts, ProgressFacts, QueryFacts, StreamFacts } from './facts.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number | undefined];
type Kind = 'counter' | 'gauge';

interface Family {
  readonly name: string;
  readonly kind: Kind;
  readonly help: string;
  readonly samples: (facts: ProgramFacts) => readonly Sample[];
}

/** One family of metrics of every context: `of` gives its samples, without the labels that name the context. */
function ofStreams(name: string, kind: Kind, help: string, of: (stream: StreamFacts) => readonly Sample[]): Family {
  return {
    name: `millrace_streaming_${name}`,
    kind,
    help,
    samples: ({ streams }) =>
      streams.flatMap((stream) =>
        of(stream).map(([labels, value]): Sample => [{ app: stream.appName, stream: stream.id, ...labels }, value]),
      ),
  };
}

function ofQueries(name: string, kind: Kind, help: string, of: (query: QueryFacts) => readonly Sample[]): Family {
  return {
    name: `millrace_query_${name}`,
    kind,
    help,
    samples: ({ queries }) =>
      queries.flatMap((query) =>
        of(query).map(([labels, value]): Sample => [
          { query: query.name ?? '', run_id: query.runId, ...labels },
          value,
        ]),
      ),
  };
}

const one = (value: number | undefined): readonly Sample[] => [[{}, value]];
const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);

const last =
  (value: (batch: BatchFacts) => number | undefined) =>
  (stream: StreamFacts): readonly Sample[] =>
    stream.last === undefined ? [] : one(value(stream.last));

const lastProgress =
  (value: (batch: ProgressFacts) => number | undefined) =>
  (query: QueryFacts): readonly Sample[] =>
    query.last === undefined ? [] : one(value(query.last));

const ofState =
  (value: (state: ProgressFacts['state'][number]) => number) =>
  (query: QueryFacts): readonly Sample[] =>
    (query.last?.state ?? []).map((state, i) => [{ operator: state.name, index: String(i) }, value(state)]);

const ofOperators =
  (value: (figures: OperatorFigures) => number | undefined) =>
  ({ last: batch }: { readonly last?: { readonly operators?: readonly OperatorFigures[] } }): readonly Sample[] =>
    (batch?.operators ?? []).map((figures) => [{ operator: figures.id }, value(figures)]);

const ofLag = ({ lag }: StreamFacts | QueryFacts): readonly Sample[] =>
  lag.map(({ partition, lag: behind }) => [{ partition }, behind]);

/** Every figure of the two pages, with what it is. */
const families: readonly Family[] = [
  {
    name: 'millrace_start_time_seconds',
    kind: 'gauge',
    help: 'When the program was started, in seconds since the epoch.',
    samples: ({ startedMs }) => one(startedMs / 1000),
  },
  ofStreams('active', 'gauge', '1 while the context runs, 0 after it.', ({ state }) => one(state === 'active' ? 1 : 0)),
  ofStreams('batch_interval_seconds', 'gauge', 'Length of one batch.', ({ intervalMs }) => one(intervalMs / 1000)),
  ofStreams('batches_total', 'counter', 'Batches that are done, failed ones too.', ({ batches }) => one(batches)),
  ofStreams('failed_batches_total', 'counter', 'Batches that failed.', ({ failedBatches }) => one(failedBatches)),
  ofStreams('records_total', 'counter', 'Records that came in.', ({ records }) => one(records)),
  ofStreams('input_records_total', 'counter', 'Records that came in, by input.', ({ inputs }) =>
    inputs.map(({ id, name, records }) => [{ input: name, id: String(id) }, records]),
  ),
  ofStreams('waiting_batches', 'gauge', 'Batches that are due and have not begun.', ({ active }) =>
    one(active.filter(({ status }) => status === 'waiting').length),
  ),
  ofStreams('running_batches', 'gauge', 'Batches that run.', ({ active }) =>
    one(active.filter(({ status }) => status === 'running').length),
  ),
  ofStreams(
    'last_batch_time_seconds',
    'gauge',
    'Time of the last batch that is done.',
    last(({ time }) => time / 1000),
  ),
  ofStreams(
    'last_batch_records',
    'gauge',
    'Records of the last batch.',
    last(({ records }) => records),
  ),
  ofStreams(
    'last_batch_input_rate',
    'gauge',
    'Records a second of the last batch, by input.',
    ({ last: batch, intervalMs }) =>
      (batch?.inputs ?? []).map(({ id, name, records }) => [
        { input: name, id: String(id) },
        (records * 1000) / intervalMs,
      ]),
  ),
  ofStreams(
    'last_batch_scheduling_delay_seconds',
    'gauge',
    'How long the last batch waited for those before it.',
    last(({ schedulingDelayMs }) => seconds(schedulingDelayMs)),
  ),
  ofStreams(
    'last_batch_processing_time_seconds',
    'gauge',
    'How long the last batch ran.',
    last(({ processingTimeMs }) => seconds(processingTimeMs)),
  ),
  ofStreams(
    'last_batch_total_delay_seconds',
    'gauge',
    'From the submission of the last batch to its end.',
    last(({ totalDelayMs }) => seconds(totalDelayMs)),
  ),
  ofStreams(
    'last_batch_operation_seconds',
    'gauge',
    'How long each output operation of the last batch ran.',
    ({ last: batch }) =>
      (batch?.operations ?? []).map(({ id, name, operator, durationMs }) => [
        { id: String(id), name, operator },
        seconds(durationMs),
      ]),
  ),
  ofStreams(
    'last_batch_operation_failed',
    'gauge',
    '1 for an output operation of the last batch that failed.',
    ({ last: batch }) =>
      (batch?.operations ?? []).map(({ id, name, operator, error }) => [
        { id: String(id), name, operator },
        error === undefined ? 0 : 1,
      ]),
  ),
  ofStreams('last_batch_offset', 'gauge', 'Where the range of the last batch ended, by partition.', ({ last: batch }) =>
    (batch?.inputs ?? []).flatMap(({ name, ranges }) =>
      ranges.map(({ partition, until }): Sample => [{ input: name, partition }, until]),
    ),
  ),
  ofStreams(
    'last_commit_bytes',
    'gauge',
    'Bytes that the last commit wrote.',
    last(({ commit }) => commit?.sizeBytes),
  ),
  ofStreams(
    'last_commit_keys',
    'gauge',
    'Keys that the last commit wrote or removed.',
    last(({ commit }) => commit?.changedKeys),
  ),
  ofStreams(
    'last_commit_seconds',
    'gauge',
    'How long the last commit took.',
    last(({ commit }) => seconds(commit?.commitMs)),
  ),
  ofStreams('receiver_active', 'gauge', '1 while a receiver runs.', ({ receivers }) =>
    receivers.map(({ id, name, isActive }) => [{ id: String(id), receiver: name }, isActive ? 1 : 0]),
  ),
  ofStreams('receiver_errors_total', 'counter', 'Errors that a receiver reported.', ({ receivers }) =>
    receivers.map(({ id, name, errors }) => [{ id: String(id), receiver: name }, errors]),
  ),
  ofStreams('lag_records', 'gauge', 'Records of a partition that no finished batch has read.', ofLag),
  ofStreams(
    'operator_records',
    'gauge',
    'Records that a step gave in the last batch that was measured.',
    ofOperators(({ rows }) => rows),
  ),
  ofStreams(
    'operator_seconds',
    'gauge',
    'Time that a step took in the last batch that was measured.',
    ofOperators(({ timeMs }) => seconds(timeMs)),
  ),
  ofQueries('active', 'gauge', '1 while the query runs, 0 after it.', ({ state }) => one(state === 'active' ? 1 : 0)),
  ofQueries('failed', 'gauge', '1 for a query that a failure ended.', ({ state }) => one(state === 'failed' ? 1 : 0)),
  ofQueries('start_time_seconds', 'gauge', 'When the query was started.', ({ startedMs }) => one(startedMs / 1000)),
  ofQueries('batches_total', 'counter', 'Batches that are done.', ({ batches }) => one(batches)),
  ofQueries('input_rows_total', 'counter', 'Rows that came in.', ({ rows }) => one(rows)),
  ofQueries('average_input_rows_per_second', 'gauge', 'Rows that came in for each second since the start.', (query) =>
    one(query.averageInputPerSecond),
  ),
  ofQueries('average_processed_rows_per_second', 'gauge', 'Rows for each second of work.', (query) =>
    one(query.averageProcessedPerSecond),
  ),
  ofQueries(
    'last_batch_id',
    'gauge',
    'Number of the last batch.',
    lastProgress(({ batchId }) => batchId),
  ),
  ofQueries(
    'last_batch_input_rows',
    'gauge',
    'Rows that came into the last batch.',
    lastProgress(({ rows }) => rows),
  ),
  ofQueries(
    'last_batch_output_rows',
    'gauge',
    'Rows that the last batch gave to the sink.',
    lastProgress(({ outputRows }) => outputRows),
  ),
  ofQueries(
    'input_rows_per_second',
    'gauge',
    'Rate at which rows came before the last batch.',
    lastProgress((batch) => batch.inputPerSecond),
  ),
  ofQueries(
    'processed_rows_per_second',
    'gauge',
    'Rate at which the last batch worked.',
    lastProgress((batch) => batch.processedPerSecond),
  ),
  ofQueries(
    'last_batch_duration_seconds',
    'gauge',
    'How long the last batch took.',
    lastProgress(({ durationMs }) => seconds(durationMs)),
  ),
  ofQueries(
    'last_batch_phase_seconds',
    'gauge',
    'How long each phase of the last batch took, by the names of Spark.',
    ({ last: batch }) => Object.entries(batch?.phasesMs ?? {}).map(([phase, ms]) => [{ phase }, ms / 1000]),
  ),
  ofQueries(
    'watermark_seconds',
    'gauge',
    'The watermark of the last batch, in seconds since the epoch.',
    lastProgress(({ watermarkMs }) => seconds(watermarkMs)),
  ),
  ofQueries(
    'watermark_gap_seconds',
    'gauge',
    'How far the watermark is behind the start of the last batch.',
    lastProgress(({ watermarkGapMs }) => seconds(watermarkGapMs)),
  ),
  ofQueries('source_rows', 'gauge', 'Rows of the last batch by source.', ({ last: batch }) =>
    (batch?.sources ?? []).map(({ description, rows }, i) => [{ source: description, index: String(i) }, rows]),
  ),
  ofQueries(
    'source_offset',
    'gauge',
    'Where the range of the last batch ended, by source and partition.',
    ({ last: batch }) =>
      (batch?.sources ?? []).flatMap(({ description, ranges }, i) =>
        ranges.map(({ partition, until }): Sample => [{ source: description, index: String(i), partition }, until]),
      ),
  ),
  ofQueries('lag_records', 'gauge', 'Records of a partition that no finished batch has read.', ofLag),
  ofQueries(
    'state_rows',
    'gauge',
    'Rows of state.',
    ofState(({ rows }) => rows),
  ),
  ofQueries(
    'state_updated_rows',
    'gauge',
    'Rows of state that the last batch changed.',
    ofState(({ updatedRows }) => updatedRows),
  ),
  ofQueries(
    'state_removed_rows',
    'gauge',
    'Rows of state that the last batch removed.',
    ofState(({ removedRows }) => removedRows),
  ),
  ofQueries(
    'state_memory_bytes',
    'gauge',
    'Memory that state takes.',
    ofState(({ memoryBytes }) => memoryBytes),
  ),
  ofQueries(
    'state_dropped_rows',
    'gauge',
    'Rows that the last batch dropped as late, as Spark counts them.',
    ofState(({ droppedRows }) => droppedRows),
  ),
  ofQueries(
    'state_late_rows',
    'gauge',
    'Input rows that the last batch dropped as late, each once.',
    ofState(({ lateRows }) => lateRows),
  ),
  ofQueries(
    'last_commit_bytes',
    'gauge',
    'Bytes that the last commit wrote.',
    lastProgress(({ commit }) => commit?.sizeBytes),
  ),
  ofQueries(
    'last_commit_keys',
    'gauge',
    'Keys that the last commit wrote or removed.',
    lastProgress(({ commit }) => commit?.changedKeys),
  ),
  ofQueries(
    'last_commit_seconds',
    'gauge',
    'How long the last commit took.',
    lastProgress(({ commit }) => seconds(commit?.commitMs)),
  ),
  ofQueries(
    'operator_rows',
    'gauge',
    'Rows that a step gave in the last batch that was measured.',
    ofOperators(({ rows }) => rows),
  ),
  ofQueries(
    'operator_seconds',
    'gauge',
    'Time that a step took in the last batch that was measured.',
    ofOperators(({ timeMs }) => seconds(timeMs)),
  ),
];

/** The media type of the text. */
export const prometheusType = 'text/plain; version=0.0.4; charset=utf-8';

/** The figures of a program in Prometheus' text format: each family with HELP and TYPE, those without a sample left out. */
export function prometheusText(facts: ProgramFacts): string {
  const lines: string[] = [];
  for (const { name, kind, help, samples } of families) {
    const told = samples(facts).flatMap(([labels, value]) => (value === undefined ? [] : [[labels, value] as const]));
    if (told.length === 0) continue;
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`);
    for (const [labels, value] of told) lines.push(`${name}${labelsText(labels)} ${valueText(value)}`);
  }
  return `${lines.join('\n')}\n`;
}

function labelsText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

/** What the format wants escaped. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function valueText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}
