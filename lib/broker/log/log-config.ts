/** What a topic's configuration means to its logs; -1 is "no limit". */
export interface LogConfig {
  readonly segmentBytes: number;
  readonly retentionBytes: number;
  readonly retentionMs: number;
  readonly maxMessageBytes: number;
  readonly isLogAppendTime: boolean;
  readonly timestampBeforeMaxMs: number;
  readonly timestampAfterMaxMs: number;
  readonly isCompacted: boolean;
  readonly removesOldSegments: boolean;
}
