import { writeSync } from 'node:fs';
import { type Debugger, Session } from 'node:inspector';
import { workerData } from 'node:worker_threads';
import { failure, type MillraceError } from '../../kernel/errors.ts';
import { sourcePlaces } from '../output/source-places.ts';
import { userFrames } from '../output/user-frames.ts';
import type { WatchdogData } from './watchdog.ts';
import { watchSignals } from './watchdog-signals.ts';

// The main thread is not running while this does: it writes to the descriptor itself, and never waits for the main thread.

const { turns, batchTime, limitMs, warnMs, shutdownMs } = workerData as WatchdogData;
const lookMs = Math.min(500, limitMs / 8);
/** After this the debugger has no hold of the main thread (it is in native code): only a signal ends it. */
const graceMs = 3000;

/** A main thread that turns does so every 250 ms: after this long it is blocked. */
const blockedAfterMs = 1000;

let lastTurn = -1;
let lastChange = performance.now();
let hasWarned = false;
/** When a signal came that the main thread has not taken yet. */
let signalledAt: number | undefined;

watchSignals((status) => {
  if (signalledAt !== undefined && blockedMs() > blockedAfterMs) endProcess(status, undefined);
  signalledAt ??= performance.now();
});

const look = setInterval(() => {
  const turn = Atomics.load(turns, 0);
  if (turn !== lastTurn) {
    lastTurn = turn;
    lastChange = performance.now();
    hasWarned = false;
    signalledAt = undefined;
  } else if (blockedMs() >= limitMs) {
    endProcess(1, (place) => blocked(place).message);
  } else if (signalledAt !== undefined && performance.now() - signalledAt >= shutdownMs) {
    endProcess(
      0,
      (place) => `${batchName()} did not end in time${place} and is dropped; it runs again at the next start.`,
    );
  } else if (blockedMs() >= warnMs && !hasWarned) {
    hasWarned = true;
    say(
      `${batchName()} has kept the process from going on for ${toSeconds(blockedMs())} s; at ${toSeconds(limitMs)} s it is ended.`,
    );
  }
}, lookMs);

function blockedMs(): number {
  return performance.now() - lastChange;
}

/** Stops the main thread where it is, says why, and ends the process there with this status. */
function endProcess(status: number, reason: ((place: string) => string) | undefined): void {
  clearInterval(look);
  setTimeout(() => {
    if (reason !== undefined) say(reason(''));
    process.kill(process.pid, 'SIGKILL');
  }, graceMs);
  const session = new Session();
  session.connectToMainThread();
  session.on('Debugger.paused', ({ params }) => {
    const callFrameId = params.callFrames[0]?.callFrameId ?? '';
    // The main thread makes the stack: only it has the source maps of the program.
    const stack = { callFrameId, expression: 'new globalThis.Error().stack', returnByValue: true };
    session.post(
      'Debugger.evaluateOnCallFrame',
      stack,
      (_, answer?: Partial<Debugger.EvaluateOnCallFrameReturnType>) => {
        if (reason !== undefined) say(reason(placeIn(String(answer?.result?.value ?? ''))));
        session.post('Debugger.evaluateOnCallFrame', { callFrameId, expression: `process.exit(${status})` });
      },
    );
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
}

/** `, at split (app.ts:7:3) of map`: the user's innermost frame and the operator that called it. */
function placeIn(stack: string): string {
  const [frame] = userFrames(stack);
  if (frame === undefined) return '';
  const below = sourcePlaces(stack.slice(stack.indexOf(frame)));
  const operator = /[\\/]operators[\\/]([\w-]+)\.[jt]s/u.exec(below)?.[1];
  return `, ${frame}${operator === undefined ? '' : ` of ${operator}`}`;
}

function blocked(place: string): MillraceError {
  const time = batchTime[0] ?? 0;
  const where = time > 0 ? { where: { batchTime: time } } : {};
  return failure('CLI_BATCH_BLOCKED', { seconds: toSeconds(blockedMs()), place }, where);
}

function batchName(): string {
  const time = batchTime[0] ?? 0;
  return time > 0 ? `The batch of ${time} ms` : 'The program';
}

function toSeconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}

function say(text: string): void {
  try {
    writeSync(2, `\n${text}\n`);
  } catch {
    // Nobody reads standard error any more.
  }
}
