import type { RecordAnswer, RecordStep } from './why-answer.ts';
import { sentenceOf } from './why-key-text.ts';
import { count, ms, span, us } from './why-words.ts';

/** A record's answer in words: a line of its own, and one for each step that it came to. */
export function describeRecord(answer: Omit<RecordAnswer, 'text'>, namesSource: boolean): string {
  const { source, partition, offset, isRead, batchId, movedTo, steps, outputRows, endedAt, missing } = answer;
  const name = `${partition}:${offset}${namesSource ? ` of ${source}` : ''}`;
  if (!isRead) return `${name} was not read yet by a batch that is committed.`;
  const by = batchId === undefined ? 'by a batch that is no longer known' : `by batch ${batchId}`;
  const moved = movedTo === undefined ? '' : ` It moved the watermark to ${ms(movedTo)}.`;
  if (steps === undefined) {
    const why = missing === undefined ? '' : `\n  What became of the record itself cannot be told: ${missing.message}`;
    return `${name} was read ${by}.${closedTo(answer)}${dropped(answer.late)}${moved}${why}`;
  }
  const ended =
    endedAt === undefined
      ? ''
      : ` ${steps.length === 0 ? 'It got no further than' : 'Some of it got no further than'} the step ${endedAt}.`;
  const out =
    outputRows === undefined || outputRows === 0 ? '' : ` It gave ${count(outputRows, 'row')} of output in that batch.`;
  const nothing = outputRows === 0 && endedAt === undefined ? ' It gave no row, and no step keeps anything of it.' : '';
  return [`${name} was read ${by}.${moved}${ended}${out}${nothing}`, ...steps.map(({ text }) => `  ${text}`)].join(
    '\n',
  );
}

/** A record's fate at one step in words. */
export function describeRecordStep(answer: Omit<RecordStep, 'text'>, startUs: number | null): string {
  const { operator, outcome, key, timeUs, lateWatermarkMs, lateByMs, side, isPadded, window, state } = answer;
  const name = Object.keys(key).length === 0 ? 'it' : JSON.stringify(key);
  const where = side === undefined ? '' : ` on the ${side} side`;
  const rest = window === undefined ? stateNow(operator, state) : ` ${sentenceOf(window)}`;
  switch (outcome) {
    case 'late': {
      const time =
        timeUs === undefined
          ? 'its time'
          : startUs === null
            ? `its event time ${us(timeUs)}`
            : `the end of its window ${us(startUs)} - ${us(timeUs)}`;
      const by = lateByMs === undefined || lateByMs === 0 ? 'it was just reached' : `${span(lateByMs)} too late`;
      return `${operator}: dropped as late${where}: ${time} is not after the watermark ${ms(lateWatermarkMs ?? 0)}, which was in force (${by}).${window === undefined ? '' : rest}`;
    }
    case 'duplicate':
      return `${operator}: dropped as a duplicate: a row with ${name} had come before.${rest}`;
    case 'unmatched':
      return `${operator}: no row of the other side can go with ${name}${where}: a part of the key is null, or the condition on its own side does not hold.${isPadded === true ? ' It comes out by itself, with nulls, at once or when it leaves the state.' : ''}`;
    case 'passed':
      return `${operator}: passed on as the first row with ${name}.${rest}`;
    case 'unknown':
      return `${operator}: came with ${name}${where}; whether it was taken is not known any more.${rest}`;
    case 'counted':
      return `${operator}: counted for ${name}${where}.${rest}`;
    default:
      return outcome satisfies never;
  }
}

/** What the state has of the key by now. */
function stateNow(operator: string, state: RecordStep['state']): string {
  if (state === undefined) return '';
  return state.isInState ? ` ${state.text.slice(operator.length + 2)}` : ' Nothing of the key is in the state by now.';
}

function closedTo({ lateWatermarkMs }: Omit<RecordAnswer, 'text'>): string {
  return lateWatermarkMs === undefined
    ? ''
    : ` Windows that ended at ${ms(lateWatermarkMs)} or before were closed to it.`;
}

/** What is known of a record from the late rows of its batch. */
function dropped(late: RecordAnswer['late']): string {
  if (late === undefined) return '';
  if (late.length === 0) return ' It was not dropped as late: no row of that batch was.';
  const windows = late.map(
    ({ operator, startUs, endUs, rows }) =>
      `${operator}: ${startUs === null ? us(endUs) : `${us(startUs)} - ${us(endUs)}`}, ${count(rows, 'row')}`,
  );
  return ` It was dropped as late only if its event time belongs to one of these, of which rows of that batch were: ${windows.join('; ')}.`;
}
