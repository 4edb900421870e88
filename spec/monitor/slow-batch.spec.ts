import { describe, expect, it } from '@jest/globals';
import type { BatchFacts, ProgressFacts } from '../../lib/monitor/facts.ts';
import { slowBatch, slowProgress } from '../../lib/monitor/slow-batch.ts';

function batch(fields: Partial<BatchFacts>): BatchFacts {
  return {
    time: 0,
    status: 'done',
    records: 100,
    submittedMs: 0,
    schedulingDelayMs: 0,
    processingTimeMs: 30,
    isCatchUp: false,
    inputs: [],
    operations: [],
    ...fields,
  };
}

function progress(fields: Partial<ProgressFacts>): ProgressFacts {
  return {
    batchId: 0,
    startedMs: 0,
    rows: 100,
    outputRows: 0,
    inputPerSecond: 0,
    processedPerSecond: 0,
    durationMs: 30,
    phasesMs: { addBatch: 20, walCommit: 5 },
    sources: [],
    state: [],
    sink: '',
    ...fields,
  };
}

const usual = Array.from({ length: 9 }, () => batch({}));
const usualProgress = Array.from({ length: 9 }, () => progress({}));

describe('why a batch of a context was slow', () => {
  it.each<[string, Partial<BatchFacts>, string | undefined]>([
    ['says nothing of a usual one', {}, undefined],
    ['says nothing of one that is a little slower', { processingTimeMs: 55 }, undefined],
    [
      'names more records',
      { processingTimeMs: 90, records: 900 },
      'It took 90 ms, where 30 ms are usual; it had 900 records, where 100 are usual.',
    ],
    [
      'names the output operation',
      { processingTimeMs: 90, operations: [{ id: 1, name: 'foreachRDD', operator: 'a/foreach-rdd', durationMs: 80 }] },
      'It took 90 ms, where 30 ms are usual; 80 ms went to the output operation foreachRDD (a/foreach-rdd).',
    ],
    [
      'names the commit',
      { processingTimeMs: 90, commit: { changedKeys: 7000, sizeBytes: 1, commitMs: 60 } },
      'It took 90 ms, where 30 ms are usual; the commit of 7000 keys took 60 ms.',
    ],
    [
      'names the step',
      { processingTimeMs: 90, operators: [{ id: 'kafka/map', rows: 1, timeMs: 70.04 }] },
      'It took 90 ms, where 30 ms are usual; 70 ms were spent in kafka/map.',
    ],
    [
      'names the interval',
      { processingTimeMs: 1500 },
      'It took 1500 ms of an interval of 1000 ms, where 30 ms are usual.',
    ],
    ['names those before it', { schedulingDelayMs: 4000 }, 'It waited 4000 ms behind the batches before it.'],
  ])('%s', (_, fields, reason) => {
    expect(slowBatch(batch(fields), usual, 1000)).toBe(reason);
  });

  it('calls nothing usual before there were a few batches', () => {
    expect(slowBatch(batch({ processingTimeMs: 900 }), usual.slice(0, 4), 1000)).toBeUndefined();
    expect(slowBatch(batch({ processingTimeMs: 1100 }), [], 1000)).toBe('It took 1100 ms of an interval of 1000 ms.');
  });
});

describe('why a batch of a query was slow', () => {
  it.each<[string, Partial<ProgressFacts>, string | undefined]>([
    ['says nothing of a usual one', {}, undefined],
    [
      'names the phase that grew',
      { durationMs: 120, phasesMs: { addBatch: 20, walCommit: 95 } },
      'It took 120 ms, where 30 ms are usual; the phase walCommit took 95 ms, where 5 ms are usual.',
    ],
    [
      'names the state that the watermark closed',
      {
        durationMs: 120,
        state: [
          {
            name: 's',
            operator: 's',
            rows: 0,
            updatedRows: 0,
            removedRows: 5000,
            memoryBytes: 0,
            droppedRows: 0,
            lateRows: 0,
          },
        ],
      },
      'It took 120 ms, where 30 ms are usual; the watermark closed 5000 rows of state.',
    ],
  ])('%s', (_, fields, reason) => {
    expect(slowProgress(progress(fields), usualProgress)).toBe(reason);
  });
});
