/** Lets everything that is ready in the event loop go first. */
export async function nextTurn(): Promise<void> {
  await new Promise<void>((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
  turnedAtMs = performance.now();
}

/** Work that goes on for so long lets others have their turn. */
const turnEveryMs = 8;
let turnedAtMs = Number.NEGATIVE_INFINITY;

/**
 * As `nextTurn`, if the event loop has not turned for some milliseconds: for places that work comes by often, between two partitions or
 * two batches. Small work then costs no turn, and thousands of small ones still let heartbeats and signals through.
 */
export function nextTurnIfDue(): Promise<void> | undefined {
  return performance.now() - turnedAtMs < turnEveryMs ? undefined : nextTurn();
}
