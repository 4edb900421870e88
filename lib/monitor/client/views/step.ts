import type { GraphOperatorFacts, OperatorFigures } from '../../facts.ts';
import { act, token } from '../api.ts';
import { el, morph } from '../element.ts';
import { count, moment } from '../format.ts';
import { table } from '../table.ts';
import type { Subject, View } from '../view.ts';

/** So many batches can be chosen. */
const shown = 200;

interface Chosen {
  readonly id: number;
  readonly rows: number;
  readonly operators: readonly OperatorFigures[];
}

/** The debugger: batches on demand, and what went into and came out of each operator in the chosen one. */
export class StepView implements View {
  readonly element: HTMLElement = el('div', { class: 'view' });
  #subject: Subject | undefined;
  /** undefined: the newest, whatever that is. */
  #batch: number | undefined;
  #to = '';
  #said = '';
  #isBusy = false;

  show(subject: Subject): void {
    this.#subject = subject;
    this.#draw();
  }

  #do(name: string, to?: string): void {
    if (this.#isBusy) return;
    [this.#isBusy, this.#said, this.#batch] = [true, '', undefined];
    this.#draw();
    void act(name, to)
      .then(
        (said) => (this.#said = said ?? ''),
        (error: unknown) => (this.#said = error instanceof Error ? error.message : String(error)),
      )
      .finally(() => {
        this.#isBusy = false;
        this.#draw();
      });
  }

  #draw(): void {
    const subject = this.#subject;
    if (subject === undefined) return;
    const batches = batchesOf(subject).slice(-shown).toReversed();
    const chosen = batches.find(({ id }) => id === this.#batch) ?? batches[0];
    morph(
      this.element,
      el(
        'div',
        { class: 'view' },
        el('h2', {}, 'Step by step'),
        token() === undefined
          ? el(
              'p',
              { class: 'quiet' },
              'Batches run when they are told to, in the terminal. To tell them from here, open the address with the token that was printed at the start.',
            )
          : this.#controls(),
        el('p', { role: 'status', id: 'said' }, this.#isBusy ? 'Running.' : this.#said),
        chosen === undefined
          ? el('p', { class: 'empty' }, 'No batch has been run yet.')
          : el('div', {}, this.#choice(batches, chosen), ...operatorTables(subject, chosen)),
      ),
    );
  }

  #controls(): HTMLElement {
    const button = (id: string, text: string, name: string): HTMLElement =>
      el('button', { id, type: 'button', disabled: this.#isBusy, onclick: () => this.#do(name) }, text);
    return el(
      'form',
      {
        class: 'controls',
        onsubmit: (event) => {
          event.preventDefault();
          this.#do('to', this.#to.trim());
        },
      },
      button('step-next', 'Next batch', 'next'),
      button('step-back', 'Back', 'back'),
      el(
        'label',
        {},
        'Run to batch ',
        el('input', {
          id: 'step-to',
          value: this.#to,
          placeholder: 'N or +N',
          oninput: (event) => (this.#to = (event.target as HTMLInputElement).value),
        }),
      ),
      el('button', { id: 'step-run', type: 'submit', disabled: this.#isBusy }, 'Run'),
    );
  }

  #choice(batches: readonly Chosen[], chosen: Chosen): HTMLElement {
    return el(
      'p',
      {},
      el(
        'label',
        {},
        'Batch ',
        el(
          'select',
          {
            id: 'step-batch',
            onchange: (event) => {
              this.#batch = Number((event.target as HTMLSelectElement).value);
              this.#draw();
            },
          },
          ...batches.map(({ id, rows }) =>
            el(
              'option',
              { value: id, selected: id === chosen.id },
              `${id > 1e11 ? `${id}, ${moment(id)}` : id} (${count(rows)})`,
            ),
          ),
        ),
      ),
    );
  }
}

function batchesOf(subject: Subject): readonly Chosen[] {
  return subject.kind === 'stream'
    ? subject.batches.map(({ time, records, operators = [] }) => ({ id: time, rows: records, operators }))
    : subject.batches.map(({ batchId, rows, operators = [] }) => ({ id: batchId, rows, operators }));
}

function operatorTables(subject: Subject, { id, operators }: Chosen): readonly HTMLElement[] {
  const figures = new Map(operators.map((one) => [one.id, one]));
  return subject.facts.graph.operators.map((operator) =>
    el(
      'section',
      { class: 'detail', 'aria-label': operator.id },
      el('h3', {}, operator.id),
      operator.detail === undefined ? undefined : el('p', { class: 'quiet' }, operator.detail),
      table(
        `What went into ${operator.id} and came out of it, batch ${id}`,
        [
          { title: 'Way', cell: ({ way }) => way },
          { title: 'Values', isNumber: true, cell: ({ figure }) => count(figure?.rows) },
          { title: 'The first of them', cell: ({ figure }) => values(figure) },
        ],
        ways(operator, figures),
        'Nothing was measured.',
      ),
    ),
  );
}

interface Way {
  readonly way: string;
  readonly figure: OperatorFigures | undefined;
}

/** What goes into an operator is what those before it gave. */
function ways(operator: GraphOperatorFacts, figures: ReadonlyMap<string, OperatorFigures>): readonly Way[] {
  return [
    ...operator.inputs.map((input) => ({ way: `in, from ${input}`, figure: figures.get(input) })),
    ...(operator.isOutput ? [] : [{ way: 'out', figure: figures.get(operator.id) }]),
  ];
}

function values(figure: OperatorFigures | undefined): HTMLElement {
  const sample = figure?.sample ?? [];
  const more = (figure?.rows ?? 0) > sample.length && sample.length > 0 ? ', …' : '';
  return el('code', {}, `${sample.map(String).join(', ')}${more}`);
}
