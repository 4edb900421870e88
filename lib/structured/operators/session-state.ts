import { KeyMap } from '../../kernel/key-map.ts';
import type { StateTable } from '../../store/state-table.ts';
import type { InternalRow, InternalValue, Long } from '../types/data-type.ts';
import type { AggregatePlan } from './aggregate-state.ts';
import type { Aggregation } from './aggregation.ts';
import { hasPassed } from './event-time.ts';
import { ExpiryIndex } from './expiry-index.ts';
import { GroupTable } from './group-table.ts';
import { mergeSessions, type Session } from './merge-sessions.ts';
import { raiseNoInput } from './no-input.ts';
import type { PhysicalOperator, RowSink } from './physical-operator.ts';
import { stateColumns } from './state-columns.ts';
import { StatefulBase, type StatefulSite } from './stateful-base.ts';

/**
 * Session windows of a stream. Every row brings the session `[time, time + gap)` of its own; sessions of a key that touch become one.
 *
 * - A row is late by its own session, before merging: it is dropped even where it would have met an open one.
 * - append gives a session when the watermark has reached its end; complete gives all and forgets none.
 * - Counted as Spark counts: all sessions of a touched key are updated; those whose start is gone are removed.
 *
 * State: the other key values -> the key's sessions by start. A session is evicted when the watermark reaches its end.
 */
export class SessionState extends StatefulBase implements PhysicalOperator {
  readonly name = 'sessionWindowStateStoreSaveExec';
  readonly state = this;
  readonly groups: GroupTable;
  readonly #sessions: StateTable<InternalRow, Session[]>;
  readonly #expiry = new ExpiryIndex<InternalRow>();
  readonly #sessionAt: number;
  /** Sessions leave the state as the watermark passes; in complete mode none does, but late rows are dropped there, too. */
  readonly #evicts: boolean;
  readonly #hasWatermark: boolean;
  readonly #aggregation: Aggregation;
  readonly #emit: RowSink;
  #total = 0;

  constructor(plan: AggregatePlan, aggregation: Aggregation, site: StatefulSite, emit: RowSink) {
    const sessionAt = plan.keys.findIndex((key) => key.id === plan.session?.id);
    const hasWatermark = plan.keys[sessionAt]?.watermarkDelayMs !== undefined;
    super(site, {
      keys: stateColumns(plan.keys.filter((_, i) => i !== sessionAt)),
      values: [
        { name: plan.keys[sessionAt]?.name ?? 'session', type: 'session' },
        ...aggregation.aggregates.map(({ column }) => column),
      ],
      layout: { kind: 'buffer', columns: aggregation.aggregates.flatMap(({ buffer }) => buffer) },
      ...(hasWatermark && site.setup.mode !== 'complete'
        ? { windows: { table: 'sessions', kind: 'sessions', at: sessionAt, lagUs: StatefulBase.lagUs(site) } }
        : {}),
    });
    this.#sessionAt = sessionAt;
    this.#hasWatermark = hasWatermark;
    this.#evicts = hasWatermark && site.setup.mode !== 'complete';
    this.#aggregation = aggregation;
    this.#emit = emit;
    this.groups = new GroupTable(plan.keys, aggregation);
    this.#sessions = this.table('sessions');
    this.#sessions.forEach((key, sessions) => {
      this.#total += sessions.length;
      this.#indexSessions(key, sessions);
    });
  }

  input(): RowSink {
    return raiseNoInput(this.name);
  }

  finish(): void {
    for (const [key, sessions] of this.#sessionsOfBatch()) this.#mergeIntoState(key, sessions);
    this.groups.clear();
    if (this.setup.mode === 'complete' || this.isTraced) {
      this.#sessions.forEach((key, sessions) => {
        for (const session of sessions) this.#give(key, session);
      });
    } else {
      this.evicting(() => {
        this.#evict();
      });
    }
  }

  protected override actsOn(watermarkHasMoved: boolean): boolean {
    return watermarkHasMoved && this.setup.mode !== 'complete';
  }

  protected rowsTotal(): number {
    return this.#total;
  }

  /** Groups that are not late, by key without the session. */
  #sessionsOfBatch(): KeyMap<InternalRow, Session[]> {
    const byKey = new KeyMap<InternalRow, Session[]>();
    for (const group of this.groups.groups) {
      const values = this.groups.keyOf(group);
      const [start, end] = values[this.#sessionAt] as readonly [Long, Long];
      const isLate = this.#hasWatermark && this.dropsLate(end, group[this.groups.countAt] as number, () => start);
      if (isLate && !this.isTraced) continue;
      const key = values.filter((_, i) => i !== this.#sessionAt);
      this.traced(isLate ? 'late' : 'taken', key, [start, end]);
      if (isLate) continue;
      const session: Session = [start, end, group.slice(0, this.#aggregation.size)];
      const sessions = byKey.get(key);
      if (sessions === undefined) byKey.set(key, [session]);
      else sessions.push(session);
    }
    return byKey;
  }

  #mergeIntoState(key: InternalRow, added: readonly Session[]): void {
    this.#sessions.update(key, (stored) => {
      const before = stored ?? [];
      const merged = mergeSessions([...before, ...added], this.#aggregation);
      const starts = new Set(merged.map(([start]) => start));
      for (const [start] of before) if (!starts.has(start)) this.counts.removed++;
      this.counts.updated += merged.length;
      this.#total += merged.length - before.length;
      const known = new Set(before.map(([, end]) => end));
      this.#indexSessions(
        key,
        merged.filter(([, end]) => !known.has(end)),
      );
      return merged;
    });
  }

  #evict(): void {
    const { watermarkUs } = this.batch;
    if (!this.#evicts || watermarkUs === undefined) return;
    this.#expiry.take(watermarkUs, (key) => {
      this.#sessions.update(key, (stored) => {
        if (stored === undefined) return undefined;
        const open = stored.filter((session) => {
          if (!hasPassed(session[1], watermarkUs)) return true;
          this.#give(key, session);
          this.closed.add(session[0], session[1], 1);
          this.counts.removed++;
          this.#total--;
          return false;
        });
        return open.length === 0 ? undefined : open;
      });
    });
  }

  #indexSessions(key: InternalRow, sessions: readonly Session[]): void {
    if (!this.#evicts) return;
    for (const [, end] of sessions) this.#expiry.add(end, key);
  }

  #give(key: InternalRow, [start, end, buffer]: Session): void {
    const row: InternalValue[] = [...key];
    row.splice(this.#sessionAt, 0, [start, end]);
    this.#emit([...row, ...this.#aggregation.results(buffer)]);
  }
}
