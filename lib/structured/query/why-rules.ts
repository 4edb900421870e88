import type { OperatorRecord } from './checkpoint-match.ts';
import type { WhyFacts } from './why-facts.ts';

/** When a step gives something out, in a sentence. */
export function givesOut({ name, layout, windows }: OperatorRecord, { mode }: WhyFacts): string {
  switch (name) {
    case 'stateStoreSave':
    case 'sessionWindowStateStoreSaveExec':
      if (mode === 'complete') return 'Every batch with data gives out every group.';
      if (mode === 'append')
        return 'A group is given out, and leaves, when the watermark reaches the end of its window.';
      return windows === undefined
        ? 'Each batch gives out the groups that it has changed.'
        : 'Each batch gives out the groups that it has changed; one leaves when the watermark reaches the end of its window.';
    case 'dedupe':
    case 'dedupeWithinWatermark':
      return 'The first row of a key comes out in the batch that reads it; further ones are dropped as duplicates.';
    case 'symmetricHashJoin': {
      const how = layout?.kind === 'sides' ? layout.how : undefined;
      const padded =
        how === 'full'
          ? 'either side'
          : how === 'left'
            ? 'the left side'
            : how === 'right'
              ? 'the right side'
              : undefined;
      const pairs =
        how === 'leftSemi'
          ? 'A row of the left side comes out with its first match.'
          : 'A pair comes out in the batch in which the second of its rows is read.';
      return padded === undefined
        ? pairs
        : `${pairs} A row of ${padded} that has matched nothing comes out, with nulls, when it leaves the state.`;
    }
    case 'flatMapGroupsWithState':
      return `The function of the program gives out what it wants when rows of a key come${timed(timeModeOf(layout))}.`;
    case 'transformWithStateExec':
      return `The processor of the program gives out what it wants when rows of a key come${timed(timeModeOf(layout))}.`;
    case 'globalLimit':
      return 'The first rows of the whole life of the query come out, later ones do not.';
    default:
      return '';
  }
}

/** Which time the timers of a program go by. */
export function timeModeOf(layout: OperatorRecord['layout']): 'event' | 'processing' | undefined {
  const mode =
    layout?.kind === 'processor' ? layout.timeMode : layout?.kind === 'groupState' ? layout.timeout : undefined;
  if (mode?.startsWith('EventTime') === true) return 'event';
  return mode?.startsWith('ProcessingTime') === true ? 'processing' : undefined;
}

function timed(mode: ReturnType<typeof timeModeOf>): string {
  if (mode === undefined) return '';
  return mode === 'event' ? ', and when the watermark reaches a timer' : ', and when the clock reaches a timer';
}

/** What a step keeps, as a noun. */
export function noun({ name }: OperatorRecord): string {
  if (name === 'stateStoreSave') return 'group';
  if (name === 'sessionWindowStateStoreSaveExec') return 'session';
  return name === 'globalLimit' ? 'count' : 'key';
}
