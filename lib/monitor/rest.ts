import { raise } from '../kernel/errors.ts';
import type { History } from './history.ts';
import { decodedPart } from './local-server.ts';
import { keptLateRows, keptProgress, type QueryHistory } from './query-history.ts';
import type { StateReader } from './state-facts.ts';
import { keptBatches, type StreamHistory } from './stream-history.ts';

/** What `/api/v1` answers from. */
export interface RestSetup {
  readonly history: History;
  /** The state of a context or query, where it can be read. */
  readonly stateOf: (id: string) => StateReader | undefined;
}

type Parameters = URLSearchParams;
type Route = readonly [
  pattern: RegExp,
  answer: (setup: RestSetup, parts: readonly string[], query: Parameters) => unknown,
];

/** What is there to ask for, as `/api/v1` itself lists it. */
const paths: readonly string[] = [
  '/api/v1/program',
  '/api/v1/streams',
  '/api/v1/streams/{id}',
  '/api/v1/streams/{id}/batches?last=100',
  '/api/v1/streams/{id}/batches/{time}',
  '/api/v1/streams/{id}/operators',
  '/api/v1/queries',
  '/api/v1/queries/{runId}',
  '/api/v1/queries/{runId}/progress?last=100',
  '/api/v1/queries/{runId}/late?last=200',
  '/api/v1/state/{id}/versions',
  '/api/v1/state/{id}/versions/{version}/tables',
  '/api/v1/state/{id}/versions/{version}/entries?operator=&table=&find=&limit=100',
  '/api/v1/state/{id}/versions/{version}/windows',
  '/api/v1/events',
  '/metrics',
];

const routes: readonly Route[] = [
  [/^$/u, () => ({ v: 1, paths })],
  [/^program$/u, ({ history }) => history.facts],
  [/^streams$/u, ({ history }) => history.facts.streams],
  [/^streams\/([^/]+)$/u, ({ history }, [id = '']) => stream(history, id).facts],
  [
    /^streams\/([^/]+)\/batches$/u,
    ({ history }, [id = ''], query) => stream(history, id).batches(count(query, 'last', 100, keptBatches)),
  ],
  [
    /^streams\/([^/]+)\/batches\/(-?\d+)$/u,
    ({ history }, [id = '', time = '']) =>
      stream(history, id).batchAt(Number(time)) ?? notFound(`the batch ${time}`, 'The last 1000 batches are kept.'),
  ],
  [
    /^streams\/([^/]+)\/operators$/u,
    ({ history }, [id = '']) => {
      const { operators = [] } = stream(history, id);
      history.lookAtSteps();
      return { operators };
    },
  ],
  [/^queries$/u, ({ history }) => history.facts.queries],
  [/^queries\/([^/]+)$/u, ({ history }, [id = '']) => query(history, id).facts],
  [
    /^queries\/([^/]+)\/progress$/u,
    ({ history }, [id = ''], parameters) => query(history, id).progress(count(parameters, 'last', 100, keptProgress)),
  ],
  [
    /^queries\/([^/]+)\/late$/u,
    ({ history }, [id = ''], parameters) =>
      query(history, id).lateRows(count(parameters, 'last', keptLateRows, keptLateRows)),
  ],
  [
    /^state\/([^/]+)\/versions$/u,
    (setup, [id = '']) => {
      const reader = state(setup, id);
      return { versions: reader.versions(), sizeOnDisk: reader.sizeOnDisk() };
    },
  ],
  [
    /^state\/([^/]+)\/versions\/(\d+)\/tables$/u,
    (setup, [id = '', version = '']) => state(setup, id).tables(Number(version)),
  ],
  [
    /^state\/([^/]+)\/versions\/(\d+)\/windows$/u,
    (setup, [id = '', version = '']) => state(setup, id).windows(Number(version)),
  ],
  [
    /^state\/([^/]+)\/versions\/(\d+)\/entries$/u,
    (setup, [id = '', version = ''], parameters) =>
      state(setup, id).entries(
        Number(version),
        { operator: parameters.get('operator') ?? '', table: parameters.get('table') ?? 'state' },
        { limit: count(parameters, 'limit', 100, 1000), find: parameters.get('find') ?? '' },
      ),
  ],
];

/** The answer to a path below `/api/v1/`. What is not there and what cannot be asked for so are coded errors. */
export function answer(setup: RestSetup, path: string, parameters: Parameters): unknown {
  for (const [pattern, reply] of routes) {
    const match = pattern.exec(path);
    if (match !== null) return reply(setup, match.slice(1).map(decodedPart), parameters);
  }
  return notFound(`/api/v1/${path}`, '/api/v1 lists what is there.');
}

function stream(history: History, id: string): StreamHistory {
  return (
    history.streams.find((candidate) => candidate.id === id) ??
    notFound(`the stream ${id}`, '/api/v1/streams lists them.')
  );
}

function query(history: History, id: string): QueryHistory {
  return (
    history.queries.find(({ runId }) => runId === id) ?? notFound(`the query ${id}`, '/api/v1/queries lists them.')
  );
}

function state(setup: RestSetup, id: string): StateReader {
  return setup.stateOf(id) ?? notFound(`state of ${id}`, 'Only what is running has state that can be read here.');
}

function count(parameters: Parameters, name: string, fallback: number, max: number): number {
  const text = parameters.get(name);
  if (text === null) return fallback;
  const value = /^\d+$/u.test(text) ? Number(text) : Number.NaN;
  if (value <= max) return value;
  return raise('MONITOR_PARAMETER', { name, value: text, expected: `a whole number from 0 to ${max}` });
}

function notFound(what: string, hint: string): never {
  raise('MONITOR_NOT_FOUND', { what, hint });
}
