import type { BatchFacts, OffsetRangeFacts, ProgressFacts } from '../../facts.ts';
import { el, morph } from '../element.ts';
import { bytes, clock, count, duration, rate } from '../format.ts';
import { badge, table } from '../table.ts';
import type { Subject, View } from '../view.ts';

const shown = 100;

/** Active and completed batches; a row opens to its output operations, ranges and reasons. */
export class BatchesView implements View {
  readonly element: HTMLElement = el('div', { class: 'view' });
  #open: number | undefined;
  #redraw: () => void = () => undefined;

  show(subject: Subject): void {
    this.#redraw = () => {
      this.show(subject);
    };
    morph(
      this.element,
      el('div', { class: 'view' }, ...(subject.kind === 'stream' ? this.#stream(subject) : this.#query(subject))),
    );
  }

  #toggle(id: number, text: string): HTMLElement {
    return el(
      'button',
      {
        class: 'link',
        'aria-expanded': String(this.#open === id),
        onclick: () => {
          this.#open = this.#open === id ? undefined : id;
          this.#redraw();
        },
      },
      text,
    );
  }

  #stream({ facts, batches }: Extract<Subject, { kind: 'stream' }>): readonly HTMLElement[] {
    const columns = [
      { title: 'Batch', cell: (b: BatchFacts) => this.#toggle(b.time, clock(b.time)) },
      { title: 'Status', cell: (b: BatchFacts) => statusBadge(b) },
      { title: 'Records', isNumber: true, cell: (b: BatchFacts) => count(b.records) },
      { title: 'Scheduling delay', isNumber: true, cell: (b: BatchFacts) => duration(b.schedulingDelayMs) },
      { title: 'Processing time', isNumber: true, cell: (b: BatchFacts) => duration(b.processingTimeMs) },
      { title: 'Total delay', isNumber: true, cell: (b: BatchFacts) => duration(b.totalDelayMs) },
      {
        title: 'Operations',
        isNumber: true,
        cell: (b: BatchFacts) =>
          `${b.operations.filter(({ durationMs }) => durationMs !== undefined).length} of ${b.operations.length}`,
      },
      { title: 'Commit', isNumber: true, cell: (b: BatchFacts) => bytes(b.commit?.sizeBytes) },
    ];
    const open = [...facts.active, ...batches].find(({ time }) => time === this.#open);
    return [
      el('h2', {}, `Active batches (${facts.active.length})`),
      table('Active batches', columns, facts.active, 'No batch waits or runs at this moment.'),
      ...(open === undefined ? [] : [streamDetail(open)]),
      el('h2', {}, `Completed batches (last ${Math.min(shown, batches.length)} of ${count(facts.batches)})`),
      table(
        'Completed batches, newest first',
        columns,
        batches.slice(-shown).toReversed(),
        'No batch has been completed yet.',
      ),
    ];
  }

  #query({ facts, batches }: Extract<Subject, { kind: 'query' }>): readonly HTMLElement[] {
    const columns = [
      { title: 'Batch', cell: (b: ProgressFacts) => this.#toggle(b.batchId, String(b.batchId)) },
      { title: 'Began', cell: (b: ProgressFacts) => clock(b.startedMs) },
      { title: 'Input rows', isNumber: true, cell: (b: ProgressFacts) => count(b.rows) },
      { title: 'Output rows', isNumber: true, cell: (b: ProgressFacts) => count(b.outputRows) },
      { title: 'Process rate', isNumber: true, cell: (b: ProgressFacts) => rate(b.processedPerSecond) },
      { title: 'Duration', isNumber: true, cell: (b: ProgressFacts) => duration(b.durationMs) },
      { title: 'Watermark', cell: (b: ProgressFacts) => clock(b.watermarkMs === 0 ? undefined : b.watermarkMs) },
      {
        title: 'Late rows',
        isNumber: true,
        cell: (b: ProgressFacts) => count(b.state.reduce((sum, { lateRows }) => sum + lateRows, 0)),
      },
      { title: 'Commit', isNumber: true, cell: (b: ProgressFacts) => bytes(b.commit?.sizeBytes) },
    ];
    const open = batches.find(({ batchId }) => batchId === this.#open);
    return [
      el('h2', {}, 'Status'),
      el('p', {}, facts.status),
      ...(open === undefined ? [] : [queryDetail(open)]),
      el('h2', {}, `Completed batches (last ${Math.min(shown, batches.length)} of ${count(facts.batches)})`),
      table(
        'Completed batches, newest first',
        columns,
        batches.slice(-shown).toReversed(),
        'No batch has been completed yet.',
      ),
    ];
  }
}

function statusBadge({ status, isCatchUp, slow }: BatchFacts): HTMLElement {
  const marks = [badge(status, status === 'failed' ? 'bad' : status === 'done' ? 'good' : 'busy')];
  if (isCatchUp) marks.push(badge('catch-up', 'quiet'));
  if (slow !== undefined) marks.push(badge('slow', 'bad'));
  return el('span', {}, ...marks);
}

function streamDetail(batch: BatchFacts): HTMLElement {
  return el(
    'section',
    { class: 'detail', 'aria-label': `Batch ${clock(batch.time)}` },
    el('h2', {}, `Batch ${clock(batch.time)}`),
    el(
      'p',
      { class: 'quiet' },
      `Batch time ${batch.time} ms. Submitted ${clock(batch.submittedMs)}, begun ${clock(batch.startedMs)}, done ${clock(batch.endedMs)}.`,
    ),
    batch.error === undefined ? undefined : el('p', { class: 'problem' }, batch.error),
    batch.slow === undefined
      ? undefined
      : el('p', { class: 'remark' }, el('strong', {}, 'Why it was slow: '), batch.slow),
    el('h3', {}, 'Output operations'),
    table(
      'Output operations',
      [
        { title: 'No.', isNumber: true, cell: ({ id }) => String(id) },
        { title: 'Operation', cell: ({ name }) => name },
        { title: 'Step', cell: ({ operator }) => operator },
        { title: 'Duration', isNumber: true, cell: ({ durationMs }) => duration(durationMs) },
        {
          title: 'Status',
          cell: ({ error, durationMs }) =>
            error === undefined
              ? badge(durationMs === undefined ? 'running' : 'done', durationMs === undefined ? 'busy' : 'good')
              : badge('failed', 'bad'),
        },
        { title: 'Error', isLong: true, cell: ({ error }) => error ?? '' },
      ],
      batch.operations,
      'None has begun.',
    ),
    el('h3', {}, 'Input'),
    rangesTable('Input', batch.inputs, `${count(batch.records)} records; its inputs have no offsets.`),
  );
}

/** What a batch read of each partition. */
function rangesTable(
  title: 'Input' | 'Source',
  readers: readonly { readonly name: string; readonly ranges: readonly OffsetRangeFacts[] }[],
  empty: string,
): HTMLElement {
  return table(
    `${title} ranges`,
    [
      { title, cell: ({ name }) => name },
      { title: 'Partition', cell: ({ partition }) => partition },
      { title: 'From', isNumber: true, cell: ({ from }) => count(from) },
      { title: 'Until', isNumber: true, cell: ({ until }) => count(until) },
      { title: 'Records', isNumber: true, cell: ({ from, until }) => count(until - from) },
    ],
    readers.flatMap(({ name, ranges }) => ranges.map((range) => ({ ...range, name }))),
    empty,
  );
}

function queryDetail(batch: ProgressFacts): HTMLElement {
  return el(
    'section',
    { class: 'detail', 'aria-label': `Batch ${batch.batchId}` },
    el('h2', {}, `Batch ${batch.batchId}`),
    batch.slow === undefined
      ? undefined
      : el('p', { class: 'remark' }, el('strong', {}, 'Why it was slow: '), batch.slow),
    el('h3', {}, 'Phases'),
    table(
      'Phases',
      [
        { title: 'Phase', cell: ([phase]) => phase },
        { title: 'Duration', isNumber: true, cell: ([, ms]) => duration(ms) },
      ],
      Object.entries(batch.phasesMs),
      'None was measured.',
    ),
    el('h3', {}, 'Sources'),
    rangesTable(
      'Source',
      batch.sources.map(({ description, ranges }) => ({ name: description, ranges })),
      'The sources have no offsets.',
    ),
    el('h3', {}, 'State'),
    table(
      'State operators',
      [
        { title: 'Operator', cell: ({ operator, name }) => `${operator} (${name})` },
        { title: 'Rows', isNumber: true, cell: ({ rows }) => count(rows) },
        { title: 'Updated', isNumber: true, cell: ({ updatedRows }) => count(updatedRows) },
        { title: 'Removed', isNumber: true, cell: ({ removedRows }) => count(removedRows) },
        { title: 'Memory', isNumber: true, cell: ({ memoryBytes }) => bytes(memoryBytes) },
        { title: 'Dropped', isNumber: true, cell: ({ droppedRows }) => count(droppedRows) },
        { title: 'Late rows', isNumber: true, cell: ({ lateRows }) => count(lateRows) },
      ],
      batch.state,
      'No operator keeps state.',
    ),
  );
}
