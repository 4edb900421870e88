import type { BatchFacts, ProgressFacts } from '../../facts.ts';
import { el, morph } from '../element.ts';
import { bytes, count, duration, rate } from '../format.ts';
import { tile, tiles } from '../table.ts';
import { Timeline, type Series } from '../timeline.ts';
import type { Subject, View } from '../view.ts';

type StreamSubject = Extract<Subject, { kind: 'stream' }>;
type QuerySubject = Extract<Subject, { kind: 'query' }>;

/** The timelines and histograms of Spark's Streaming tab, or those of the statistics page of a query. */
export class OverviewView implements View {
  readonly element: HTMLElement = el('div', { class: 'view' });
  readonly #head = el('div');
  readonly #charts = el('div', { class: 'charts' });
  readonly #timelines = new Map<string, Timeline>();

  constructor() {
    this.element.append(this.#head, this.#charts);
  }

  show(subject: Subject): void {
    if (subject.kind === 'stream') this.#stream(subject);
    else this.#query(subject);
  }

  recolour(): void {
    for (const timeline of this.#timelines.values()) timeline.recolour();
  }

  #stream({ facts, batches }: StreamSubject): void {
    const { last, active, intervalMs } = facts;
    const perSecond = (batch: BatchFacts): number => (batch.records * 1000) / intervalMs;
    const waiting = active.filter(({ status }) => status === 'waiting').length;
    const lag = facts.lag.reduce((sum, { lag: behind }) => sum + behind, 0);
    const isOver = (last?.processingTimeMs ?? 0) > intervalMs;
    morph(
      this.#head,
      el(
        'div',
        {},
        tiles(
          tile('Input rate', rate(last === undefined ? undefined : perSecond(last)), 'last batch'),
          tile(
            'Scheduling delay',
            duration(last?.schedulingDelayMs),
            waiting > 0 ? `${waiting} batches wait` : 'last batch',
          ),
          tile(
            'Processing time',
            duration(last?.processingTimeMs),
            `of ${duration(intervalMs)}`,
            isOver ? 'bad' : 'plain',
          ),
          tile('Total delay', duration(last?.totalDelayMs), 'last batch'),
          tile(
            'Batches',
            count(facts.batches),
            facts.failedBatches > 0 ? `${count(facts.failedBatches)} failed` : 'done',
            facts.failedBatches > 0 ? 'bad' : 'plain',
          ),
          tile('Records', count(facts.records), 'since the start'),
          tile(
            'Lag',
            facts.lag.length === 0 ? '–' : count(lag),
            facts.lag.length === 0 ? 'no partitions' : 'records unread',
          ),
          tile(
            'Last commit',
            bytes(last?.commit?.sizeBytes),
            last?.commit === undefined ? 'none yet' : `${count(last.commit.changedKeys)} keys`,
          ),
        ),
        facts.error === undefined ? undefined : el('p', { class: 'problem', role: 'alert' }, facts.error),
        last?.slow === undefined
          ? undefined
          : el('p', { class: 'remark' }, el('strong', {}, 'Why the last batch was slow: '), last.slow),
      ),
    );
    const shown = batches.filter(({ isCatchUp, records }) => !isCatchUp || records > 0);
    const times = shown.map(({ time }) => time);
    const of = (value: (batch: BatchFacts) => number | undefined): Series['values'] =>
      shown.map((batch) => value(batch) ?? null);
    const limit = { label: 'batch interval', value: intervalMs };
    const show = this.#chart;
    show('Input rate', 'Records a second that came in, by batch', rate).show({
      times,
      series: [{ label: 'records', colour: 1, values: of(perSecond) }],
    });
    show('Scheduling delay', 'How long a batch waited for those before it', duration).show({
      times,
      series: [{ label: 'delay', colour: 2, values: of((b) => b.schedulingDelayMs) }],
    });
    show(
      'Processing time',
      'How long a batch ran; above the line it takes longer than batches are apart',
      duration,
    ).show({
      times,
      limit,
      series: [{ label: 'processing', colour: 3, values: of((b) => b.processingTimeMs) }],
    });
    show('Total delay', 'From when a batch was due to when it was done', duration).show({
      times,
      series: [{ label: 'delay', colour: 4, values: of((b) => b.totalDelayMs) }],
    });
    if (shown.some(({ commit }) => commit !== undefined)) {
      show('Commit size', 'Bytes that the commit of a batch wrote to the checkpoint', bytes).show({
        times,
        series: [{ label: 'bytes', colour: 5, values: of((b) => b.commit?.sizeBytes) }],
      });
    }
    for (const { id, name } of facts.inputs.length > 1 ? facts.inputs : []) {
      show(`Input: ${name}`, 'Records a second of this input', rate).show({
        times,
        series: [
          {
            label: 'records',
            colour: 1,
            values: of((b) => ((b.inputs.find((one) => one.id === id)?.records ?? 0) * 1000) / intervalMs),
          },
        ],
      });
    }
  }

  #query({ facts, batches }: QuerySubject): void {
    const { last } = facts;
    const stateRows = last === undefined ? undefined : sum(({ rows }) => rows)(last);
    const late = batches.reduce((total, batch) => total + sum(({ lateRows }) => lateRows)(batch), 0);
    const lag = facts.lag.reduce((total, { lag: behind }) => total + behind, 0);
    morph(
      this.#head,
      el(
        'div',
        {},
        tiles(
          tile('Input rate', rate(last?.inputPerSecond), `average ${rate(facts.averageInputPerSecond)}`),
          tile('Process rate', rate(last?.processedPerSecond), `average ${rate(facts.averageProcessedPerSecond)}`),
          tile('Batch duration', duration(last?.durationMs), `batch ${last?.batchId ?? '–'}`),
          tile(
            'Watermark gap',
            duration(last?.watermarkGapMs === undefined ? undefined : Math.abs(last.watermarkGapMs)),
            gapNote(last),
          ),
          tile(
            'State',
            count(stateRows),
            last === undefined ? 'rows' : `rows, ${bytes(sum(({ memoryBytes }) => memoryBytes)(last))}`,
          ),
          tile('Late rows', count(late), 'dropped', late > 0 ? 'bad' : 'plain'),
          tile('Rows', count(facts.rows), `${count(facts.batches)} batches`),
          tile(
            'Lag',
            facts.lag.length === 0 ? '–' : count(lag),
            facts.lag.length === 0 ? 'no partitions' : 'records unread',
          ),
        ),
        facts.error === undefined ? undefined : el('p', { class: 'problem', role: 'alert' }, facts.error),
        last?.slow === undefined
          ? undefined
          : el('p', { class: 'remark' }, el('strong', {}, 'Why the last batch was slow: '), last.slow),
      ),
    );
    const times = batches.map(({ startedMs }) => startedMs);
    const of = (value: (batch: ProgressFacts) => number | undefined): Series['values'] =>
      batches.map((batch) => value(batch) ?? null);
    const show = this.#chart;
    show('Input rate', 'Rows a second that came in', rate).show({
      times,
      series: [{ label: 'rows', colour: 1, values: of((b) => b.inputPerSecond) }],
    });
    show('Process rate', 'Rows a second that a batch got through', rate).show({
      times,
      series: [{ label: 'rows', colour: 2, values: of((b) => b.processedPerSecond) }],
    });
    show('Input rows', 'Rows of a batch', count).show({
      times,
      series: [{ label: 'rows', colour: 1, values: of((b) => b.rows) }],
    });
    show('Batch duration', 'How long a batch took', duration).show({
      times,
      series: [{ label: 'duration', colour: 3, values: of((b) => b.durationMs) }],
    });
    this.#chart('Duration by phase', 'What a batch spent its time on, by the names of Spark', duration, true).show({
      times,
      series: phases(batches),
    });
    if (last?.watermarkMs !== undefined) {
      show('Watermark gap', 'How far the watermark is behind the clock', duration).show({
        times,
        series: [{ label: 'gap', colour: 4, values: of((b) => b.watermarkGapMs) }],
      });
    }
    if ((last?.state.length ?? 0) > 0) {
      show('State rows', 'Rows of state of all operators', count).show({
        times,
        series: [{ label: 'rows', colour: 5, values: of(sum(({ rows }) => rows)) }],
      });
      show('Updated state rows', 'Rows of state that a batch changed', count).show({
        times,
        series: [{ label: 'rows', colour: 5, values: of(sum(({ updatedRows }) => updatedRows)) }],
      });
      show('State memory', 'Bytes that state takes', bytes).show({
        times,
        series: [{ label: 'bytes', colour: 6, values: of(sum(({ memoryBytes }) => memoryBytes)) }],
      });
      show('Rows dropped by the watermark', 'Late rows, as Spark counts them', count).show({
        times,
        series: [{ label: 'rows', colour: 4, values: of(sum(({ droppedRows }) => droppedRows)) }],
      });
    }
    if (batches.some(({ commit }) => commit !== undefined)) {
      show('Commit size', 'Bytes that the commit of a batch wrote to the checkpoint', bytes).show({
        times,
        series: [{ label: 'bytes', colour: 6, values: of((b) => b.commit?.sizeBytes) }],
      });
    }
  }

  readonly #chart = (
    title: string,
    hint: string,
    format: (value: number | undefined) => string,
    isStacked = false,
  ): Timeline => {
    const known = this.#timelines.get(title);
    if (known !== undefined) return known;
    const made = new Timeline({ title, hint, format, isStacked });
    this.#timelines.set(title, made);
    this.#charts.append(made.element);
    return made;
  };
}

function phases(batches: readonly ProgressFacts[]): readonly Series[] {
  const names = [...new Set(batches.flatMap(({ phasesMs }) => Object.keys(phasesMs)))].filter(
    (name) => name !== 'triggerExecution',
  );
  return names.toSorted().map((name, i) => ({
    label: name,
    colour: ((i % 6) + 1) as Series['colour'],
    values: batches.map(({ phasesMs }) => phasesMs[name] ?? 0),
  }));
}

/** A figure of all operators that keep state. */
function sum(value: (state: ProgressFacts['state'][number]) => number): (batch: ProgressFacts) => number {
  return (batch) => batch.state.reduce((total, state) => total + value(state), 0);
}

/** Event times may be of another day, or of a clock that is ahead. */
function gapNote(batch: ProgressFacts | undefined): string {
  if (batch?.watermarkMs === undefined) return 'no watermark';
  if (batch.watermarkGapMs === undefined) return 'nothing seen yet';
  return batch.watermarkGapMs < 0 ? 'ahead of the clock' : 'behind the clock';
}
