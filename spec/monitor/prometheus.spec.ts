import { afterEach, describe, expect, it } from '@jest/globals';
import { prometheusText } from '../../lib/monitor/prometheus.ts';
import { markup, type QueryProgram, queryProgram, type StreamProgram, streamProgram } from './program.ts';
import { parseExposition } from './exposition.ts';

const streamFamilies = [
  'millrace_streaming_active',
  'millrace_streaming_batch_interval_seconds',
  'millrace_streaming_batches_total',
  'millrace_streaming_failed_batches_total',
  'millrace_streaming_records_total',
  'millrace_streaming_input_records_total',
  'millrace_streaming_waiting_batches',
  'millrace_streaming_running_batches',
  'millrace_streaming_last_batch_time_seconds',
  'millrace_streaming_last_batch_records',
  'millrace_streaming_last_batch_input_rate',
  'millrace_streaming_last_batch_scheduling_delay_seconds',
  'millrace_streaming_last_batch_processing_time_seconds',
  'millrace_streaming_last_batch_total_delay_seconds',
  'millrace_streaming_last_batch_operation_seconds',
  'millrace_streaming_last_batch_operation_failed',
  'millrace_streaming_last_batch_offset',
  'millrace_streaming_last_commit_bytes',
  'millrace_streaming_last_commit_keys',
  'millrace_streaming_last_commit_seconds',
];

const queryFamilies = [
  'millrace_query_active',
  'millrace_query_failed',
  'millrace_query_start_time_seconds',
  'millrace_query_batches_total',
  'millrace_query_input_rows_total',
  'millrace_query_average_input_rows_per_second',
  'millrace_query_average_processed_rows_per_second',
  'millrace_query_last_batch_id',
  'millrace_query_last_batch_input_rows',
  'millrace_query_last_batch_output_rows',
  'millrace_query_input_rows_per_second',
  'millrace_query_processed_rows_per_second',
  'millrace_query_last_batch_duration_seconds',
  'millrace_query_last_batch_phase_seconds',
  'millrace_query_watermark_seconds',
  'millrace_query_watermark_gap_seconds',
  'millrace_query_source_rows',
  'millrace_query_source_offset',
  'millrace_query_lag_records',
  'millrace_query_state_rows',
  'millrace_query_state_updated_rows',
  'millrace_query_state_removed_rows',
  'millrace_query_state_memory_bytes',
  'millrace_query_state_dropped_rows',
  'millrace_query_state_late_rows',
  'millrace_query_last_commit_bytes',
  'millrace_query_last_commit_keys',
  'millrace_query_last_commit_seconds',
];

let running: StreamProgram | QueryProgram | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

describe('the text for Prometheus', () => {
  it('has every figure of a context, with its type and what it is', async () => {
    const program = await streamProgram();
    running = program;
    await program.batch('a', 'b', 'a');
    const families = parseExposition(prometheusText(program.watched.history.facts));
    expect(families.get('millrace_streaming_records_total')).toEqual({
      type: 'counter',
      help: 'Records that came in.',
      samples: [{ labels: { app: 'words', stream: '0' }, value: 3 }],
    });
    expect(families.get('millrace_streaming_last_batch_offset')?.samples).toEqual([
      { labels: { app: 'words', stream: '0', input: 'fake', partition: 'words-0' }, value: 3 },
    ]);
    expect([...families.keys()].filter((name) => name.startsWith('millrace_streaming_'))).toEqual(streamFamilies);
  });

  it('has every figure of a query', async () => {
    const program = await queryProgram();
    running = program;
    await program.batch(['a', 1], ['b', 31]);
    await program.batch(['a', 2]);
    const families = parseExposition(prometheusText(program.watched.history.facts));
    const labels = { query: 'windows', run_id: program.runId };
    expect(families.get('millrace_query_input_rows_total')).toMatchObject({
      type: 'counter',
      samples: [{ labels, value: 3 }],
    });
    expect(families.get('millrace_query_last_batch_phase_seconds')?.samples).toContainEqual({
      labels: { ...labels, phase: 'addBatch' },
      value: 0,
    });
    expect(families.get('millrace_query_state_late_rows')?.samples).toEqual([
      { labels: { ...labels, operator: 'stateStoreSave', index: '0' }, value: 1 },
    ]);
    expect([...families.keys()].filter((name) => name.startsWith('millrace_query_'))).toEqual(queryFamilies);
  });

  it('escapes what a label may hold', async () => {
    const program = await streamProgram(undefined, `${markup}\n\\"`);
    running = program;
    const families = parseExposition(prometheusText(program.watched.history.facts));
    expect(families.get('millrace_streaming_active')?.samples[0]?.labels['app']).toBe(`${markup}\n\\"`);
  });
});
