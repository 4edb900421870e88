import { afterEach, describe, expect, it } from '@jest/globals';
import { Dashboard, type Screen } from '../../../lib/cli/dashboard/dashboard.ts';
import { dashboardFrame, type DashboardSubject, sparkline } from '../../../lib/cli/dashboard/frame.ts';
import { Terminal } from '../../../lib/cli/output/terminal.ts';
import { textWidth } from '../../../lib/cli/output/text-width.ts';
import { type QueryProgram, queryProgram, type StreamProgram, streamProgram } from '../../monitor/program.ts';

let running: StreamProgram | QueryProgram | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

function frame(
  { watched }: StreamProgram | QueryProgram,
  columns: number,
  rows: number,
  printed: string[] = [],
): readonly string[] {
  const { history } = watched;
  const subjects: DashboardSubject[] = [
    ...history.streams.map((one): DashboardSubject => ({ kind: 'stream', facts: one.facts, batches: one.batches() })),
    ...history.queries.map((one): DashboardSubject => ({ kind: 'query', facts: one.facts, batches: one.progress() })),
  ];
  return dashboardFrame(history.facts, subjects, printed, { columns, rows }, (_, text) => text);
}

describe('the dashboard', () => {
  it('shows the figures of a context', async () => {
    const program = await streamProgram();
    running = program;
    await program.batch('a', 'b', 'c', 'd');
    await program.batch('a', 'b');
    expect(`\n${frame(program, 80, 24, ['printed']).join('\n')}\n`).toMatch(
      new RegExp(
        [
          '\\nmillrace  words.ts  up 2 s  Ctrl-C ends it',
          '',
          'words  batches of 1 s  active',
          '  input rate                    2 /s  █▅',
          '  scheduling delay              0 ms  ▁▁',
          '  processing time        0 ms of 1 s  ▁▁',
          '  total delay                   0 ms  ▁▁',
          '  2 batches, 0 waiting, 6 records, last commit \\d+ B',
          '',
          'printed\\n',
        ].join('\\n'),
        'u',
      ),
    );
  });

  it('shows the figures of a query', async () => {
    const program = await queryProgram();
    running = program;
    await program.batch(['a', 1]);
    expect(frame(program, 80, 24).join('\n')).toContain('  state                       1 rows  ');
  });

  it.each([60, 80, 200])('is never wider than %i columns, nor higher than the terminal', async (columns) => {
    const program = await streamProgram(undefined, 'a name that is long '.repeat(12));
    running = program;
    for (let i = 0; i < 80; i++) await program.batch('a');
    for (const rows of [5, 12, 50]) {
      const lines = frame(program, columns, rows, ['x'.repeat(500), 'y\u001B[2Jz', 'a\tb']);
      expect(lines.length).toBeLessThanOrEqual(rows);
      for (const line of lines) expect(textWidth(line)).toBeLessThan(columns);
      expect(lines.join('')).not.toContain('\u001B');
    }
  });

  it('draws small charts of the last values', () => {
    expect(sparkline([0, 1, 2, 4, 8], 4)).toBe('▂▃▅█');
    expect(sparkline([0, 0], 4)).toBe('▁▁');
    expect(sparkline([], 4)).toBe('');
  });

  it('leaves the terminal as it was', async () => {
    const program = await streamProgram();
    running = program;
    const written: string[] = [];
    let resize: (() => void) | undefined;
    const screen: Screen = {
      columns: 60,
      rows: 20,
      write: (text) => written.push(text),
      on: (_, listener) => (resize = listener),
      off: (_, listener) => {
        if (resize === listener) resize = undefined;
      },
    };
    const terminal = new Terminal({ json: false, quiet: false, verbose: false, noColor: true });
    const dashboard = new Dashboard(program.watched.history, screen, terminal);
    dashboard.print('hello\n');
    resize?.();
    expect(written[0]).toBe('\u001B[?1049h\u001B[?25l');
    expect(written.join('')).toContain('hello');
    // Without colour no text has any.
    expect(written.join('')).not.toMatch(/\u001B\[[\d;]*m/u);
    dashboard.close();
    dashboard.close();
    expect(written.filter((text) => text === '\u001B[?25h\u001B[?1049l')).toHaveLength(1);
    expect(written.at(-1)).toBe('\u001B[?25h\u001B[?1049l');
    expect(resize).toBeUndefined();
    expect(dashboard.printed).toEqual(['hello']);
  });
});
