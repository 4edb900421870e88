import { seededRandom } from '../rdd/random.ts';
import { delaysOf, tenths } from './delays.ts';
import { numbered, type Unnumbered } from './numbered.ts';
import type { RecordsKind } from './pair.ts';
import type { CompareRecord } from './run-model.ts';
import type { CompareSettings } from './settings.ts';

const users = ['ann', 'bob', 'eve'];
const partitions = 2;
/** Between one event and the next, about. */
const spacingMs = 2000;
/** So many of the records of `retries` are sent again. */
const retryShare = 0.3;

/**
 * Made-up records: events about every two seconds, arriving as disorder, late records and skew say.
 *
 * The same settings make the same records. Every draw is made whether it is used or not, so that one setting changes only what it is
 * about.
 */
export function makeRecords(kind: RecordsKind, settings: CompareSettings, startMs: number): readonly CompareRecord[] {
  const random = seededRandom(settings.seed);
  const delayMs = delaysOf(settings, random);
  const made: Unnumbered[] = [];
  for (let i = 0; i < settings.count; i++) {
    const eventMs = startMs + i * spacingMs + tenths(random() * spacingMs);
    const user = users[Math.floor(random() * users.length)] ?? '';
    const isLeft = random() < 0.5;
    const value = 1 + Math.floor(random() * 9);
    const partition = Math.floor(random() * partitions);
    const arrivalMs = eventMs + delayMs(partition);
    const retry = { isOne: random() < retryShare, of: random(), after: random() };
    const sent = kind === 'retries' && retry.isOne ? made[Math.floor(retry.of * made.length)] : undefined;
    const afterMs = 500 + tenths(retry.after * 2 * settings.windowMs);
    made.push(
      sent === undefined
        ? {
            key: keyOf(kind, i, user),
            stream: (kind === 'halves' ? i % 2 === 0 : isLeft) ? 'left' : 'right',
            value,
            partition,
            eventMs,
            arrivalMs,
          }
        : { ...sent, arrivalMs: sent.arrivalMs + afterMs },
    );
  }
  return numbered(made);
}

function keyOf(kind: RecordsKind, i: number, user: string): string {
  if (kind === 'events') return user;
  return kind === 'retries' ? `e${i}` : `o${Math.floor(i / 2)}`;
}
