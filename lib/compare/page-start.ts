import type { CompareRecord } from './run-model.ts';
import type { CompareSettings } from './settings.ts';

/** What a page begins with, written into it by whoever made it. */
export interface Start {
  readonly pair: string;
  readonly settings: CompareSettings;
  /** Given records; without them they are made. */
  readonly records?: readonly CompareRecord[];
  /** The programs of each pair as texts, to be read beside the results. */
  readonly programs: Readonly<Record<string, ProgramTexts>>;
}

export interface ProgramTexts {
  readonly dstream: string;
  readonly structured: string;
}
