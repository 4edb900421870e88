/**
 * Gives the engines `setImmediate`, by which they let others have their turn. A page's timers wait four milliseconds once they follow one
 * another; messages do not.
 */
export function installTurns(): void {
  if (typeof globalThis.setImmediate === 'function') return;
  const waiting: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => waiting.shift()?.());
  port1.start();
  const later = (turn: () => void): void => {
    waiting.push(turn);
    port2.postMessage(0);
  };
  Object.assign(globalThis, { setImmediate: later });
}
