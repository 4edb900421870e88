import type { DStreamNode } from './dstream-node.ts';

/**
 * One call of the program's text: `map`, `reduceByKeyAndWindow`, `kafkaStream`. Most steps are one node; those that are built of
 * several share the step, and name their inner nodes by a part. The id of a step is the name the user gave it, or its path.
 */
export interface Step {
  /** The method in kebab case: `reduce-by-key-and-window`. */
  readonly method: string;
  /** The streams it was called with; the first is where its path goes on. */
  readonly inputs: readonly DStreamNode<unknown>[];
}
