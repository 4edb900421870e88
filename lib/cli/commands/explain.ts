import { styleText } from 'node:util';
import { raise } from '../../kernel/errors.ts';
import type { PlannedQuery } from '../../structured/query/dry-query.ts';
import type { CommandRequest } from '../command.ts';
import { graphText } from '../explain/graph-text.ts';
import { mermaid } from '../explain/mermaid.ts';
import { type PlannedContext, planProgram, type ProgramPlan } from '../explain/plan-program.ts';
import { refuse } from '../flags.ts';
import { durationText } from '../output/amounts.ts';
import { plainText } from '../output/plain-text.ts';
import { hasColour, type Terminal } from '../output/terminal.ts';
import { locateProgram } from '../run/load-program.ts';

/** `millrace explain <program>`: what it would run, and what the watermark does. Nothing is started. */
export async function explain({ words, rest, flags, terminal }: CommandRequest): Promise<number> {
  const named = words['program'];
  if (typeof named !== 'string') raise('CLI_USAGE', { problem: 'A program is missing.', command: 'explain ' });
  const format = flags.text('format', terminal.mode.json ? 'json' : 'text');
  if (!['text', 'json', 'mermaid'].includes(format)) refuse('format', format, 'text, json or mermaid');
  const plan = await planProgram(named, locateProgram(named), {
    brokers: flags.brokers('brokers', ['localhost:9092']),
    intervalMs: flags.duration('interval', '1s'),
    checkpoint: flags.text('checkpoint'),
    args: rest,
  });
  if (format === 'json') {
    for (const line of jsonLines(plan)) process.stdout.write(`${JSON.stringify(line)}\n`);
  } else if (format === 'mermaid') process.stdout.write(drawing(plan));
  else process.stdout.write(text(plan, flags.isOn('extended'), terminal));
  return 0;
}

function text({ contexts, queries }: ProgramPlan, isExtended: boolean, terminal: Terminal): string {
  const isColoured = hasColour(terminal.mode, process.env, process.stdout.isTTY);
  const bold = (line: string): string =>
    isColoured ? styleText('bold', plainText(line), { validateStream: false }) : plainText(line);
  const parts = [
    ...contexts.map(
      ({ appName, intervalMs, operators }) =>
        `${bold(`StreamingContext ${appName}, batches of ${durationText(intervalMs)}`)}\n\n${plainText(graphText(operators, intervalMs))}\n`,
    ),
    ...queries.map(
      (query) =>
        `${bold(`Query ${query.name ?? '(without a name)'}, ${query.mode} mode, to ${query.format}`)}\n${plainText(`${watermarkText(query)}\n\n${query.explain(isExtended).trimEnd()}`)}\n`,
    ),
  ];
  return parts.join('\n');
}

function watermarkText({ watermarkDelayMs, nodes }: PlannedQuery): string {
  const stateful = nodes.filter(({ keepsState }) => keepsState);
  if (watermarkDelayMs === undefined) {
    return stateful.length === 0
      ? 'No watermark, and no state.'
      : `No watermark: the state of ${listed(stateful)} is kept for good.`;
  }
  const delay = durationText(watermarkDelayMs);
  return stateful.length === 0
    ? `Watermark ${delay} behind the latest event: no step keeps state, so nothing uses it.`
    : `Watermark ${delay} behind the latest event: it drops late rows and closes state of ${listed(stateful)}.`;
}

function listed(nodes: readonly { readonly id: string }[]): string {
  return nodes.map(({ id }) => id).join(', ');
}

function jsonLines({ contexts, queries }: ProgramPlan): readonly object[] {
  return [
    ...contexts.map((context) => ({ v: 1, type: 'explain', kind: 'stream', ...context })),
    ...queries.map(({ name, mode, format, checkpoint, nodes, watermarkDelayMs, explain: plan }) => ({
      v: 1,
      type: 'explain',
      kind: 'query',
      name,
      mode,
      format,
      checkpoint: checkpoint ?? null,
      watermarkDelayMs: watermarkDelayMs ?? null,
      operators: nodes,
      plan: plan(true),
    })),
  ];
}

/** All of a program in one drawing: ids of several contexts and queries are kept apart. */
function drawing({ contexts, queries }: ProgramPlan): string {
  return mermaid([
    ...contexts.flatMap(({ operators }: PlannedContext, i) =>
      operators.map(({ id, kind, inputs, keepsState, isOutput }) => ({
        id: `s${i}/${id}`,
        label: id.includes('/') || id === kind ? kind : `${kind}: ${id}`,
        inputs: apart(`s${i}`, inputs),
        keepsState,
        isOutput,
      })),
    ),
    ...queries.flatMap(({ nodes, name, format }, i) => [
      ...nodes.map(({ id, detail, inputs, keepsState }) => ({
        id: `q${i}/${id}`,
        label: detail,
        inputs: apart(`q${i}`, inputs),
        keepsState,
        isOutput: false,
      })),
      {
        id: `q${i}/sink`,
        label: `${format}${name === null ? '' : `: ${name}`}`,
        inputs: apart(
          `q${i}`,
          nodes.slice(-1).map(({ id }) => id),
        ),
        keepsState: false,
        isOutput: true,
      },
    ]),
  ]);
}

function apart(prefix: string, ids: readonly string[]): string[] {
  return ids.map((id) => `${prefix}/${id}`);
}
