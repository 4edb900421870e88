import type { StructuredGoldenFile } from './structured/structured-file.ts';

/** A recorded case of a DStream golden file: what to run, on what, and what real Spark gave. */
export interface DStreamCase {
  readonly name: string;
  readonly params: DStreamParams;
  /** JavaScript over `s`, `t`, `u`, `ssc`, `StateSpec`; in some kinds a sketch. */
  readonly function: string;
  readonly inputs?: readonly (readonly unknown[] | null)[];
  readonly inputs2?: readonly (readonly unknown[] | null)[];
  readonly inputs3?: readonly (readonly unknown[] | null)[];
  readonly queue?: readonly (readonly unknown[])[];
  readonly calls?: readonly (readonly [number, number, number, number])[];
  readonly expected: readonly unknown[];
  readonly expectedTimes?: readonly number[];
  readonly expectedState?: readonly unknown[];
  readonly expectedStateTimes?: readonly number[];
  readonly beforeStop?: readonly unknown[];
  readonly beforeStopTimes?: readonly number[];
  readonly stopWaitedForNextBoundary?: boolean;
  readonly ordered?: boolean;
}

interface DStreamParams {
  readonly sparkQuirk?: boolean;
  readonly batches?: number;
  readonly inputPartitions?: number;
  readonly startClockMs?: number;
  readonly checkpointDir?: boolean;
  readonly checkpointMs?: number;
  readonly clockJumpsToMs?: number;
  readonly rememberMs?: number;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly oneAtATime?: boolean;
  readonly defaultRdd?: readonly unknown[] | null;
  readonly stopAfterMs?: number;
  readonly clockAtRestartMs?: number;
  readonly batchesAfterRestart?: number;
  readonly outputFailsAtMs?: number;
  readonly graceful?: boolean;
  readonly batchTakesMs?: number;
  readonly stopRequestedAtMs?: number;
  readonly clockStepMs?: number;
  readonly batchMs?: number;
  readonly proportional?: number;
  readonly integral?: number;
  readonly derivative?: number;
  readonly minRate?: number;
}

export interface DStreamFile {
  readonly operator: string;
  readonly batchMs: number;
  readonly cases: readonly DStreamCase[];
}

/** Tells the two formats apart by what is in them. */
export function isDStreamFile(content: unknown): content is DStreamFile {
  return isObject(content) && typeof content['operator'] === 'string' && Array.isArray(content['cases']);
}

export function isStructuredFile(content: unknown): content is StructuredGoldenFile {
  return isObject(content) && typeof content['topic'] === 'string' && Array.isArray(content['cases']);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
