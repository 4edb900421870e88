import { describe, expect, it } from '@jest/globals';
import {
  DStream,
  InputDStream,
  KafkaDStream,
  MapWithStateDStream,
  RDD,
  Receiver,
  SparkContext,
  StateSpec,
  StreamingContext,
} from '../../lib/index.ts';
import { StateHandle } from '../../lib/streaming/state.ts';
import { checkPage } from './check-page.ts';
import type { PageExample } from './page.ts';

/** What is there for the engine and for connectors, not for programs. */
const engineOnly: ReadonlySet<string> = new Set([
  'constructor',
  // StreamingContext
  'connectorContext',
  'inputStream',
  'print (context)',
  'run',
  'warn',
  // SparkContext
  'nextRddId',
  'hasAccumulators',
  // Receiver
  'attach',
  // State: what was done with a handle
  'isUpdated',
  'isRemoved',
]);

function membersOf(...classes: readonly { readonly prototype: object }[]): readonly string[] {
  return classes
    .flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype))
    .filter((name) => !engineOnly.has(name));
}

function staticsOf(given: object): readonly string[] {
  return Object.getOwnPropertyNames(given).filter((name) => !['length', 'name', 'prototype'].includes(name));
}

function shows({ code }: PageExample, name: string): boolean {
  return new RegExp(`(?:\\.|^\\s*(?:(?:async|override|get) )*)${name}\\b`, 'mu').test(code);
}

describe('docs/dstreams.md', () => {
  const { examples } = checkPage('docs/dstreams.md');

  const inContext = new Set(['The context', 'Inputs']);
  const streamExamples = examples.filter(
    ({ headings }) => !inContext.has(headings[1] ?? '') || headings[2] === '`commitAsync`',
  );
  const contextExamples = examples.filter(({ headings }) => inContext.has(headings[1] ?? ''));
  const rddExamples = examples.filter(({ headings }) => ['RDDs', 'SparkContext'].includes(headings[1] ?? ''));
  const contextMembers = membersOf(StreamingContext).map((name) => (name === 'print' ? 'print (context)' : name));

  it.each<readonly [string, readonly string[], readonly PageExample[]]>([
    ['streams', membersOf(DStream, MapWithStateDStream, KafkaDStream), streamExamples],
    [
      'contexts',
      [...contextMembers.filter((name) => !engineOnly.has(name)), ...staticsOf(StreamingContext)],
      contextExamples,
    ],
  ])('has a section for every method of %s, with an example of it', (_, members, of) => {
    const missing = members.filter((name) => {
      const section = of.filter(({ headings }) => new RegExp(`^\`${name}\``, 'u').test(headings[2] ?? ''));
      return !section.some((example) => shows(example, name)) && !isShownAside(name, of);
    });
    expect(missing).toEqual([]);
  });

  it.each<readonly [string, readonly string[], readonly PageExample[]]>([
    ['RDDs and their context', membersOf(RDD, SparkContext), rddExamples],
    ['StateSpec', [...membersOf(StateSpec), ...staticsOf(StateSpec)], examples],
    ['State', membersOf(StateHandle), examples],
    ['receivers', [...membersOf(Receiver), 'onStart', 'onStop'], contextExamples],
    ['inputs of one’s own', [...membersOf(InputDStream), 'start', 'stop', 'compute'], contextExamples],
  ])('has an example of every method of %s', (_, members, of) => {
    expect(members.filter((name) => !of.some((example) => shows(example, name)))).toEqual([]);
  });
});

/** Properties need no section of their own: an example of their class shows them. */
function isShownAside(name: string, examples: readonly PageExample[]): boolean {
  const isProperty = ['checkpointDir', 'hasFailed'].includes(name);
  return isProperty && examples.some((example) => shows(example, name));
}
