import { adviceWarnings } from './catalogue/advice.ts';
import { analysisErrors } from './catalogue/analysis.ts';
import { brokerErrors } from './catalogue/broker.ts';
import { checkpointErrors } from './catalogue/checkpoint.ts';
import { cliErrors } from './catalogue/cli.ts';
import { compareErrors } from './catalogue/compare.ts';
import { collectionErrors } from './catalogue/collections.ts';
import { configErrors } from './catalogue/config.ts';
import { functionErrors } from './catalogue/functions.ts';
import { kafkaErrors } from './catalogue/kafka.ts';
import { monitorErrors } from './catalogue/monitor.ts';
import { learnErrors } from './catalogue/learn.ts';
import { operatorErrors } from './catalogue/operators.ts';
import { queryErrors } from './catalogue/query.ts';
import { rddErrors } from './catalogue/rdd.ts';
import { sourceErrors } from './catalogue/source.ts';
import { sqlErrors } from './catalogue/sql.ts';
import { stateErrors } from './catalogue/state.ts';
import { streamErrors } from './catalogue/stream.ts';
import type { ErrorEntry } from './error-entry.ts';

/** Every error that Millrace raises. One section a file; `docs/errors.md` is generated from it. */
const sections = {
  ...configErrors,
  ...streamErrors,
  ...rddErrors,
  ...stateErrors,
  ...checkpointErrors,
  ...sourceErrors,
  ...kafkaErrors,
  ...brokerErrors,
  ...sqlErrors,
  ...functionErrors,
  ...collectionErrors,
  ...analysisErrors,
  ...operatorErrors,
  ...queryErrors,
  ...adviceWarnings,
  ...cliErrors,
  ...compareErrors,
  ...monitorErrors,
  ...learnErrors,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof sections;

/** Code to text, remedy, retry rule and exit status. */
export const errorCatalogue: Readonly<Record<ErrorCode, ErrorEntry>> = Object.freeze(sections);

type Names<T extends string> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Texts<C extends ErrorCode> = (typeof sections)[C]['message'] | (typeof sections)[C]['remedy'];

/** The parameters that the text of `C` names. */
export type ErrorParams<C extends ErrorCode> = { readonly [N in Names<Texts<C>>]: string | number | bigint | boolean };
