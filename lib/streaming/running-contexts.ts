import type { StreamingContext } from './streaming-context.ts';

type OnStarting = (context: StreamingContext) => void;

const watchers = new Set<OnStarting>();

/**
 * Tells of every context that is about to start in this process, before it posts its first event: the command watches programs that
 * start their contexts themselves. Returns what ends the watching.
 */
export function onContextStarting(watch: OnStarting): () => void {
  watchers.add(watch);
  return () => {
    watchers.delete(watch);
  };
}

export function contextStarting(context: StreamingContext): void {
  for (const watch of watchers) watch(context);
}
