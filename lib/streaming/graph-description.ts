import type { OperatorId } from '../kernel/operator-id.ts';
import type { DStreamGraph } from './dstream-graph.ts';
import type { DStreamNode } from './dstream-node.ts';

/** One step of a program, for people and tools. */
export interface DescribedOperator {
  readonly id: OperatorId;
  /** The method in kebab case; of the inner nodes of a step with their part: `reduce-by-key-and-window#window`. */
  readonly kind: string;
  readonly inputs: readonly OperatorId[];
  readonly slideMs: number;
  readonly keepsState: boolean;
  /** Its number in events; undefined for what is no input. */
  readonly streamId: number | undefined;
  readonly isOutput: boolean;
}

/** The steps of a program that an output operation needs, inputs first, output operations last. */
export function describeGraph(graph: DStreamGraph): readonly DescribedOperator[] {
  const idOf = (node: DStreamNode<unknown>): OperatorId => graph.ids.of(node);
  const steps = graph.reachable().map((node): DescribedOperator => {
    const streamId = (graph.inputs as readonly DStreamNode<unknown>[]).indexOf(node);
    return {
      id: idOf(node),
      kind: node.part === undefined ? node.step.method : `${node.step.method}#${node.part}`,
      inputs: node.dependencies.map(idOf),
      slideMs: node.slideMs,
      keepsState: node.hasCursor,
      streamId: streamId === -1 ? undefined : streamId,
      isOutput: false,
    };
  });
  const outputs = graph.outputs.map(({ step, node }): DescribedOperator => ({
    id: graph.ids.ofStep(step),
    kind: step.method,
    inputs: [idOf(node)],
    slideMs: node.slideMs,
    keepsState: false,
    streamId: undefined,
    isOutput: true,
  }));
  return [...steps, ...outputs];
}
