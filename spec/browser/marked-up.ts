import type { RestSetup } from '../../lib/monitor/rest.ts';
import { History } from '../../lib/monitor/history.ts';
import type { StateReader } from '../../lib/monitor/state-facts.ts';
import type { BatchInfo } from '../../lib/streaming/events.ts';
import type { StreamingQueryProgress } from '../../lib/structured/query/progress.ts';
import { ManualClock } from '../../lib/index.ts';
import { markup } from '../monitor/program.ts';

const nowMs = 1_700_000_000_000;

const step = { inputs: [], keepsState: true, isOutput: false, streamId: 0, slideMs: 1000 };

/** A program and a checkpoint in which every name and every text is markup, as they may be once somebody has tampered with them. */
export function markedUp(): RestSetup {
  const history = new History(markup, new ManualClock(nowMs));
  const operators = [{ id: markup, kind: markup, inputs: [], keepsState: true, detail: markup, isOutput: false }];
  const stream = history.addStream({
    appName: markup,
    intervalMs: 1000,
    checkpoint: markup,
    operators: [
      { ...step, id: markup, kind: markup },
      { ...step, id: 'long', kind: 'reduce-by-key-and-window#reduced' },
    ],
  });
  const receiver = { streamId: 0, name: markup, active: false, location: markup, executorId: markup };
  stream.onReceiverError({
    receiverInfo: { ...receiver, lastErrorMessage: markup, lastError: markup, lastErrorTime: nowMs },
  });
  stream.onBatchSubmitted({ batchInfo: batchInfo(0) });
  stream.onBatchCompleted({ batchInfo: { ...batchInfo(0), failureReason: markup } });
  stream.onBatchSubmitted({ batchInfo: batchInfo(1000) });
  stream.ended(markup);
  const query = history.addQuery({
    id: 'q',
    runId: 'q',
    name: markup,
    graph: { operators },
    status: () => markup,
  });
  const late = { operator: markup, watermarkUs: nowMs * 1000, key: JSON.stringify(markup), row: markup };
  query.progressed(progress, { late: [late] });
  query.ended(markup);
  return { history, stateOf: () => state };
}

function batchInfo(after: number): BatchInfo {
  return {
    batchTime: nowMs + after,
    submissionTime: nowMs + after,
    numRecords: 3,
    isCatchUp: false,
    streamIdToInputInfo: {
      0: { inputStreamId: 0, numRecords: 3, metadata: { offsets: { [markup]: [0, 3] }, latest: { [markup]: 7 } } },
    },
    outputOperationInfos: {
      0: { batchTime: nowMs + after, id: 0, name: markup, description: markup, failureReason: markup },
    },
    operators: [{ id: markup, rows: 3, timeMs: 1 }],
  };
}

const progress: StreamingQueryProgress = {
  id: 'q',
  runId: 'q',
  name: markup,
  timestamp: new Date(nowMs).toISOString(),
  batchId: 0,
  batchDuration: 1,
  numInputRows: 3,
  inputRowsPerSecond: 3,
  processedRowsPerSecond: 3,
  durationMs: { [markup]: 1 },
  eventTime: {},
  stateOperators: [
    {
      operatorName: markup,
      operatorId: markup,
      numRowsTotal: 1,
      numRowsUpdated: 1,
      allUpdatesTimeMs: 0,
      numRowsRemoved: 0,
      allRemovalsTimeMs: 0,
      commitTimeMs: 0,
      memoryUsedBytes: 1,
      numRowsDroppedByWatermark: 0,
      numShufflePartitions: 1,
      numStateStoreInstances: 1,
      customMetrics: {},
    },
  ],
  sources: [
    {
      description: markup,
      startOffset: null,
      endOffset: { [markup]: { 0: 3 } },
      latestOffset: { [markup]: { 0: 7 } },
      numInputRows: 3,
      inputRowsPerSecond: 3,
      processedRowsPerSecond: 3,
      metrics: {},
    },
  ],
  sink: { description: markup, numOutputRows: 3, metrics: {} },
  observedMetrics: {},
  watermarks: [],
};

const state: StateReader = {
  versions: () => [{ version: 1, batch: 0, records: 3 }],
  tables: () => [{ operator: markup, table: markup, partitions: 1, rows: 1 }],
  entries: () => ({
    keyColumns: [markup],
    valueColumns: [markup],
    entries: [{ key: JSON.stringify(markup), value: JSON.stringify({ [markup]: markup }) }],
    total: 1,
    hasMore: false,
  }),
  windows: () => [{ operator: markup, startMs: nowMs, endMs: nowMs + 10_000, rows: 1 }],
  sizeOnDisk: () => 1,
};
