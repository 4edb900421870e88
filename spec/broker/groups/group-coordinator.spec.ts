import { describe, expect, it } from '@jest/globals';
import { CommittedOffsets } from '../../../lib/broker/groups/committed-offsets.ts';
import { GroupCoordinator, type JoinRequest } from '../../../lib/broker/groups/group-coordinator.ts';
import type { JoinAnswer, SyncAnswer } from '../../../lib/broker/groups/group-member.ts';
import { forgetfulMetadata } from '../../../lib/broker/storage/metadata-store.ts';
import { nextTurn } from '../../../lib/kernel/turns.ts';
import { ManualClock } from '../../../lib/kernel/manual-clock.ts';

const limits = {
  minSessionTimeoutMs: 6000,
  maxSessionTimeoutMs: 60_000,
  maxGroupSize: 3,
  maxGroups: 2,
  maxMemberBytes: 100,
};

const identity = (memberId: string, generation: number, instanceId: string | null = null) => ({
  groupId: 'g',
  generation,
  memberId,
  instanceId,
});

const offers = (...names: string[]) => ({
  protocols: names.map((name) => ({ name, metadata: Buffer.from(name) })),
});

function coordinator() {
  const clock = new ManualClock();
  const groups = new GroupCoordinator(clock, limits, new CommittedOffsets(forgetfulMetadata));
  const join = (memberId = '', overrides: Partial<JoinRequest> = {}): Promise<JoinAnswer> =>
    groups.join({
      groupId: 'g',
      memberId,
      instanceId: null,
      clientId: 'c',
      clientHost: '127.0.0.1',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 20_000,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.from('m') }],
      needsKnownId: false,
      ...overrides,
    });
  const sync = (memberId: string, generation: number, assignments: Record<string, string> = {}): Promise<SyncAnswer> =>
    groups.sync(
      identity(memberId, generation),
      { type: null, name: null },
      new Map(Object.entries(assignments).map(([id, text]) => [id, Buffer.from(text)])),
    );
  return { clock, groups, join, sync, identity };
}

/** What a promise has come to by now, without waiting for it. */
async function stateOf<T>(promise: Promise<T>): Promise<T | 'waiting'> {
  await nextTurn();
  return await Promise.race([promise, Promise.resolve('waiting' as const)]);
}

/** Two members with their assignments; the first is the leader. */
async function twoMembers() {
  const group = coordinator();
  const first = await group.join();
  await group.sync(first.memberId, 1, {});
  const secondJoins = group.join();
  expect(group.groups.heartbeat(group.identity(first.memberId, 1))).toBe(27);
  await group.join(first.memberId);
  const second = await secondJoins;
  const secondSyncs = group.sync(second.memberId, 2);
  const firstSync = await group.sync(first.memberId, 2, { [first.memberId]: 'one', [second.memberId]: 'two' });
  return { ...group, first, second, firstSync, secondSync: await secondSyncs };
}

describe('a group', () => {
  it('gives its members a leader, a generation and what the leader assigns', async () => {
    const { groups, first, second, firstSync, secondSync } = await twoMembers();
    expect(second).toMatchObject({
      error: 0,
      generation: 2,
      leader: first.memberId,
      protocolName: 'range',
      members: [],
    });
    expect([firstSync.assignment.toString(), secondSync.assignment.toString()]).toEqual(['one', 'two']);
    expect(groups.group('g')).toMatchObject({
      state: 'Stable',
      generation: 2,
      protocolType: 'consumer',
      protocol: 'range',
    });
  });

  it('tells a client of a newer version its id first', async () => {
    const { join } = coordinator();
    const told = await join('', { needsKnownId: true });
    expect(told).toMatchObject({ error: 79, generation: -1 });
    expect(await join(told.memberId, { needsKnownId: true })).toMatchObject({
      error: 0,
      memberId: told.memberId,
      generation: 1,
    });
  });

  it('waits for a member that was told its id, until its session would be over', async () => {
    const { clock, join } = coordinator();
    await join('', { needsKnownId: true });
    const other = join();
    expect(await stateOf(other)).toBe('waiting');
    await clock.advance(10_000);
    expect(await stateOf(other)).toMatchObject({ error: 0, generation: 1 });
  });

  it('drops a member that sends no heartbeat for its session', async () => {
    const { clock, groups, identity, first, second } = await twoMembers();
    await clock.advance(6000);
    expect(groups.heartbeat(identity(first.memberId, 2))).toBe(0);
    await clock.advance(6000);
    expect(groups.heartbeat(identity(first.memberId, 2))).toBe(27);
    expect(groups.heartbeat(identity(second.memberId, 2))).toBe(25);
  });

  it('goes on without a member that does not join again in time', async () => {
    const { clock, groups, join, sync, identity } = coordinator();
    const first = await join('', { sessionTimeoutMs: 60_000 });
    await sync(first.memberId, 1);
    const second = join('', { sessionTimeoutMs: 60_000 });
    await clock.advance(19_999);
    expect(await stateOf(second)).toBe('waiting');
    await clock.advance(1);
    expect(await stateOf(second)).toMatchObject({ error: 0, generation: 2 });
    expect(groups.heartbeat(identity(first.memberId, 1))).toBe(25);
  });

  it('begins anew when the leader does not assign in time', async () => {
    const { clock, groups, join, sync, identity } = coordinator();
    const options = { sessionTimeoutMs: 60_000 };
    const first = await join('', options);
    const secondJoins = join('', options);
    await join(first.memberId, options);
    const second = await secondJoins;
    const waits = sync(second.memberId, 2);
    await clock.advance(20_000);
    expect(await stateOf(waits)).toMatchObject({ error: 27 });
    expect(groups.heartbeat(identity(first.memberId, 2))).toBe(25);
    expect(await join(second.memberId, options)).toMatchObject({ error: 0, generation: 3, leader: second.memberId });
  });

  it('lets a member leave and the others share again', async () => {
    const { groups, join, identity, first, second } = await twoMembers();
    expect(groups.leave('g', first.memberId, null)).toBe(0);
    expect(groups.heartbeat(identity(second.memberId, 2))).toBe(27);
    expect(await join(second.memberId)).toMatchObject({ error: 0, generation: 3, leader: second.memberId });
    expect(groups.leave('g', second.memberId, null)).toBe(0);
    expect(groups.group('g')).toMatchObject({ state: 'Empty' });
    expect(groups.leave('g', second.memberId, null)).toBe(25);
  });

  it('tells a follower that joins again with nothing new the same generation', async () => {
    const { join, first, second } = await twoMembers();
    expect(await join(second.memberId)).toMatchObject({ error: 0, generation: 2, leader: first.memberId });
  });

  it('rebalances when the leader joins again', async () => {
    const { groups, join, first } = await twoMembers();
    expect(await stateOf(join(first.memberId))).toBe('waiting');
    expect(groups.group('g')?.state).toBe('PreparingRebalance');
  });

  it('takes the protocol that most members prefer of those all have', async () => {
    const { join } = coordinator();
    const first = await join('', offers('a', 'b', 'x'));
    const second = join('', offers('b', 'a'));
    const third = join('', offers('b', 'a', 'c'));
    const again = join(first.memberId, offers('a', 'b', 'x'));
    const answers = await Promise.all([again, second, third]);
    expect(answers.map(({ protocolName }) => protocolName)).toEqual(['b', 'b', 'b']);
    expect(answers[0]?.members.map(({ metadata }) => metadata.toString())).toEqual(['b', 'b', 'b']);
  });

  it.each<[string, Partial<JoinRequest> & { memberId?: string }, number]>([
    ['without a name', { groupId: '' }, 24],
    ['with a session that is too short', { sessionTimeoutMs: 5999 }, 26],
    ['with a session that is too long', { sessionTimeoutMs: 60_001 }, 26],
    ['with an id nobody gave out', { memberId: 'made-up' }, 25],
    ['without protocols', { protocols: [] }, 23],
    ['with more than it may say of itself', { protocols: [{ name: 'range', metadata: Buffer.alloc(101) }] }, 42],
  ])('refuses a join %s', async (_, overrides, error) => {
    const { join } = coordinator();
    expect(await join(overrides.memberId ?? '', overrides)).toMatchObject({ error, generation: -1 });
  });

  it('refuses a member that shares no protocol, and one too many', async () => {
    const { join } = coordinator();
    await join();
    expect(await join('', { protocols: [{ name: 'other', metadata: Buffer.alloc(0) }] })).toMatchObject({ error: 23 });
    expect(await join('', { protocolType: 'connect' })).toMatchObject({ error: 23 });
    void join();
    void join();
    expect(await join()).toMatchObject({ error: 81 });
  });

  it('refuses a third group, unless one is unused', async () => {
    const { groups, join } = coordinator();
    const { memberId } = await join('', { groupId: 'one' });
    await join('', { groupId: 'two' });
    expect(await join('', { groupId: 'three' })).toMatchObject({ error: 81 });
    groups.leave('one', memberId, null);
    expect(await join('', { groupId: 'three' })).toMatchObject({ error: 0 });
  });
});

describe('a static member', () => {
  const asInstance = { instanceId: 'i' };

  it('comes back without a rebalance, and its former self is fenced', async () => {
    const { groups, join, sync, identity } = coordinator();
    const first = await join('', asInstance);
    await sync(first.memberId, 1, { [first.memberId]: 'mine' });
    const back = await join('', asInstance);
    expect(back).toMatchObject({ error: 0, generation: 1 });
    expect(groups.group('g')?.state).toBe('Stable');
    expect((await sync(back.memberId, 1)).assignment.toString()).toBe('mine');
    expect(groups.heartbeat(identity(first.memberId, 1, 'i'))).toBe(82);
    expect(await join(first.memberId, asInstance)).toMatchObject({ error: 82 });
    expect(groups.leave('g', '', 'i')).toBe(0);
  });
});

describe('a commit', () => {
  it.each<[string, number, (member: string) => string, boolean, number]>([
    ['of a member', 2, (member) => member, false, 0],
    ['of an earlier generation', 1, (member) => member, false, 22],
    ['of an unknown member', 2, () => 'other', false, 25],
    ['without a member while there are members', -1, () => '', false, 25],
    ['in a transaction without a member', -1, () => '', true, 0],
  ])('%s is judged by the group', async (_, generation, member, isTransactional, error) => {
    const { groups, identity, first } = await twoMembers();
    expect(groups.commitProblem(identity(member(first.memberId), generation), isTransactional)).toBe(error);
  });

  it('is free for a group without members, but not with a generation', () => {
    const { groups, identity } = coordinator();
    expect(groups.commitProblem(identity('', -1), false)).toBe(0);
    expect(groups.commitProblem(identity('m', 3), false)).toBe(22);
  });

  it('is refused for one group too many', () => {
    const { groups, identity } = coordinator();
    for (const group of ['one', 'two']) {
      groups.offsets.commit(group, { topic: 't', partition: 0, offset: 5, leaderEpoch: -1, metadata: null });
    }
    expect(groups.commitProblem(identity('', -1), false)).toBe(44);
    expect(groups.commitProblem({ ...identity('', -1), groupId: 'two' }, false)).toBe(0);
  });

  it('that a transaction repeats counts once', () => {
    const { groups } = coordinator();
    const offset = { topic: 't', partition: 0, leaderEpoch: -1, metadata: null };
    groups.offsets.commitLater('g', 7, [{ ...offset, offset: 1 }]);
    groups.offsets.commitLater('g', 7, [{ ...offset, offset: 2 }]);
    groups.offsets.endTransaction('g', 7, true);
    expect(groups.offsets.all('g')).toEqual([{ ...offset, offset: 2 }]);
  });

  it('waits while assignments are under way', async () => {
    const { groups, join, identity } = coordinator();
    const { memberId } = await join();
    expect(groups.commitProblem(identity(memberId, 1), false)).toBe(27);
  });
});

describe('a group that is deleted', () => {
  it('is refused while it has members and forgets its offsets otherwise', async () => {
    const { groups, join } = coordinator();
    groups.offsets.commit('g', { topic: 't', partition: 0, offset: 5, leaderEpoch: -1, metadata: null });
    const { memberId } = await join();
    expect(groups.delete('g')).toBe(68);
    groups.leave('g', memberId, null);
    expect(groups.delete('g')).toBe(0);
    expect(groups.offsets.get('g', 't', 0)).toBeUndefined();
    expect(groups.delete('g')).toBe(69);
  });
});
