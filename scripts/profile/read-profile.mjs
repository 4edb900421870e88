import { sourceOfCall } from './source-of.mjs';

const outside = new Set(['(idle)']);

/**
 * A profile of Node as a tree of calls, each with its own time and that of all below it, and the functions by their own time. Idle time
 * is not part of the tree.
 */
export function readProfile({ nodes, samples, timeDeltas }) {
  const own = new Map();
  samples.forEach((id, i) => own.set(id, (own.get(id) ?? 0) + Math.max(0, timeDeltas[i]) / 1000));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const functions = new Map();
  let idleMs = 0;
  const build = (id) => {
    const { callFrame, children = [] } = byId.get(id);
    const selfMs = own.get(id) ?? 0;
    if (outside.has(callFrame.functionName)) {
      idleMs += selfMs;
      return undefined;
    }
    const where = nameOf(callFrame);
    functions.set(where, (functions.get(where) ?? 0) + selfMs);
    const below = children.flatMap((child) => build(child) ?? []);
    return { where, selfMs, totalMs: below.reduce((sum, { totalMs }) => sum + totalMs, selfMs), children: below };
  };
  const root = build(nodes[0].id);
  const ranking = [...functions].map(([where, selfMs]) => ({ where, selfMs })).toSorted((a, b) => b.selfMs - a.selfMs);
  return { root, busyMs: root.totalMs, idleMs, functions: ranking };
}

/** Generated code has no file: a stage of a query, or a scanner made from a schema. */
function nameOf(callFrame) {
  const { functionName, url } = callFrame;
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') return functionName === '' ? '(generated code)' : name;
  const { file, line } = sourceOfCall(callFrame);
  return `${name} ${file.replace(/^.*\/(?:lib|dist|node_modules)\//u, '')}:${line}`;
}
