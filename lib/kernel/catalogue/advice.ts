import type { ErrorEntry } from '../error-entry.ts';

/** What a structured query is warned about, each once when it starts or while it runs. None of them ends a query. */
export const adviceWarnings = {
  QUERY_WATERMARK_IN_COMPLETE_MODE: {
    message:
      'In complete mode the watermark has no effect: no row is dropped as late and no state is removed, so the result grows for ever.',
    remedy: 'Use append or update mode for state that is cleaned, or leave withWatermark out.',
    isWarning: true,
  },
  QUERY_WATERMARK_UNUSED: {
    message: 'The watermark on {column} is used by no step: no row is dropped as late and no state is removed by it.',
    remedy: 'Group by {column} or by a window of it, or leave withWatermark out.',
    isWarning: true,
  },
  QUERY_STATE_NEVER_SHRINKS: {
    message: 'The state of {step} never shrinks: {why}.',
    remedy: '{mend}.',
    isWarning: true,
  },
  QUERY_STATE_GROWS: {
    message:
      'The state of {operator} grew in {grown} of the last {batches} batches, from {from} to {until} rows, and nothing was ever removed.',
    remedy:
      'Give it an end: a window or another event time with withWatermark among its keys, or a timeout. Where it may grow, set millrace.state.growthAlarmBatches to 0.',
    isWarning: true,
  },
  QUERY_UNNAMED_CHECKPOINT: {
    message: 'A query without a name keeps its checkpoint in {directory}, where no later start will look.',
    remedy: 'Give it a queryName or a checkpointLocation.',
    isWarning: true,
  },
  SOURCE_STARTS_AT_LATEST: {
    message: '{source} begins at the end: what is there already is skipped ({count} offsets).',
    remedy: "For all of them set startingOffsets to 'earliest', for none of them to 'latest'.",
    isWarning: true,
  },
} as const satisfies Record<string, ErrorEntry>;
