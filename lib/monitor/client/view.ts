import type { BatchFacts, ProgressFacts, QueryFacts, StreamFacts } from '../facts.ts';
import type { Model } from './model.ts';

/** What a view shows: a context or a query, with its batches. */
export type Subject =
  | { readonly kind: 'stream'; readonly facts: StreamFacts; readonly batches: readonly BatchFacts[] }
  | { readonly kind: 'query'; readonly facts: QueryFacts; readonly batches: readonly ProgressFacts[] };

/** One section of the page. `show` is called when it is opened and after each change; it changes only what differs. */
export interface View {
  readonly element: HTMLElement;
  show(subject: Subject, model: Model): void;
  /** The page turned dark or light. */
  recolour?(): void;
}

/** How the address names a subject. */
export function keyOf(subject: Subject): string {
  return subject.kind === 'stream' ? `s${subject.facts.id}` : `q${subject.facts.runId}`;
}

/** The id under which `/api/v1/state` knows it. */
export function stateIdOf(subject: Subject): string {
  return subject.kind === 'stream' ? subject.facts.id : subject.facts.runId;
}
