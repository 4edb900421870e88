import type { DStreamGraph } from '../dstream-graph.ts';

/**
 * What a program is, as a text: two threads that have built the same one have the same. Its functions are not in it: they come from the
 * same file.
 */
export function describeProgram(appName: string, batchMs: number, program: DStreamGraph): string {
  return JSON.stringify({
    appName,
    batchMs,
    steps: program
      .reachable()
      .map((node) => [program.ids.of(node), node.slideMs, node.statePartitions, program.isCached(node)]),
    inputs: program.inputs.map((input) => [program.ids.of(input), input.origin]),
    outputs: program.outputs.map(({ description, node }) => [description, program.ids.of(node)]),
  });
}
