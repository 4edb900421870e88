/** What a comparison can be told; every view of it has a control for each. Times are milliseconds. */
export interface CompareSettings {
  readonly batchMs: number;
  /** Length of a window; of the gap that ends a session; of the memory of a deduplication. */
  readonly windowMs: number;
  readonly slideMs: number;
  /** How long the watermark stays behind the greatest event time. */
  readonly watermarkMs: number;
  readonly mode: CompareMode;
  /** A record arrives up to so much after its event. */
  readonly disorderMs: number;
  /** So many of a hundred records arrive after the watermark has passed their windows. */
  readonly latePercent: number;
  readonly seed: number;
  /** Records of the second partition arrive so much later than those of the first. */
  readonly skewMs: number;
  /** Both programs are stopped in the middle and started again on their checkpoints, three batches later. */
  readonly restart: boolean;
  /** How many records are made. */
  readonly count: number;
  /** How many rows of a window a ranking keeps. */
  readonly top: number;
}

export type CompareMode = 'append' | 'update' | 'complete';

/** A comparison that says something: some disorder, a few late records. */
export const defaultSettings: CompareSettings = {
  batchMs: 2000,
  windowMs: 20_000,
  slideMs: 10_000,
  watermarkMs: 10_000,
  mode: 'update',
  disorderMs: 4000,
  latePercent: 5,
  seed: 5,
  skewMs: 0,
  restart: false,
  count: 60,
  top: 2,
};
