import { AssignerProtocol } from 'kafkajs';

import { createTopic } from '../requests.ts';
import type { BrokerScript, Transcript } from '../transcript.ts';
import type { Wire } from '../wire.ts';

interface Joined {
  readonly errorCode: number;
  readonly generationId: number;
  readonly leaderId: string;
  readonly memberId: string;
  readonly members: readonly { readonly memberId: string }[];
}

// The broker reads what a member of the protocol type `consumer` subscribes to.
const subscription = AssignerProtocol.MemberMetadata.encode({
  version: 0,
  topics: ['what-i-read'],
  userData: Buffer.from('mine'),
});

const joinRequest = (groupId: string, memberId: string, more: object = {}) => ({
  groupId,
  memberId,
  sessionTimeout: 10_000,
  rebalanceTimeout: 10_000,
  protocolType: 'consumer',
  groupProtocols: [{ name: 'own', metadata: subscription }],
  ...more,
});

const MEMBER_ID_REQUIRED = 79;

/** Joins with a new member id, as every client does since version 4 of the request. */
async function join(t: Transcript, groupId: string, wire?: Wire, more: object = {}): Promise<Joined> {
  const first = await t.quietly<Joined>('JoinGroup', joinRequest(groupId, '', more), wire);
  if (first.errorCode !== MEMBER_ID_REQUIRED) return first;
  return await t.quietly<Joined>('JoinGroup', joinRequest(groupId, first.memberId, more), wire);
}

const sync = (groupId: string, me: Joined, shares: readonly (readonly [Joined | string, string])[] = []) => ({
  groupId,
  generationId: me.generationId,
  memberId: me.memberId,
  groupAssignment: shares.map(([member, share]) => ({
    memberId: typeof member === 'string' ? member : member.memberId,
    memberAssignment: Buffer.from(share),
  })),
});

const beat = (groupId: string, me: Joined, groupGenerationId = me.generationId) => ({
  groupId,
  groupGenerationId,
  memberId: me.memberId,
});

const commit = (groupId: string, topic: string, offset: string, more: object = {}) => ({
  groupId,
  groupGenerationId: -1,
  memberId: '',
  topics: [{ topic, partitions: [{ partition: 0, offset, metadata: `up to ${offset}` }] }],
  ...more,
});

const read = (groupId: string, topic: string, ...partitions: number[]) => ({
  groupId,
  topics: [{ topic, partitions: partitions.map((partition) => ({ partition })) }],
});

const describe = async (t: Transcript, groupId: string) => await t.ask('DescribeGroups', { groupIds: [groupId] });

/** The metadata of a member list comes back as sent; the ids are the broker's. */
function summary({ errorCode, generationId, leaderId, memberId, members }: Joined): object {
  return { errorCode, generationId, leads: leaderId === memberId, members: members.length };
}

const REBALANCE_IN_PROGRESS = 27;

export const groupScripts: readonly BrokerScript[] = [
  {
    title: 'offsets can be committed and read without members',
    async run(t) {
      const topic = await createTopic(t, 'plain', 2);
      const groupId = t.name('simple');
      await t.quietly('GroupCoordinator', { groupId });
      await t.ask('OffsetFetch', read(groupId, topic, 0, 1));
      await t.ask('OffsetCommit', commit(groupId, topic, '12'));
      await t.ask('OffsetFetch', read(groupId, topic, 0, 1));
      await t.ask('OffsetCommit', commit(groupId, topic, '5'));
      await t.ask('OffsetFetch', read(groupId, topic, 0));
      await t.ask('OffsetCommit', commit(groupId, t.name('nobody'), '5'));
      await t.ask(
        'OffsetCommit',
        commit(groupId, topic, '5', { topics: [{ topic, partitions: [{ partition: 9, offset: '1' }] }] }),
      );
      await t.ask('OffsetCommit', commit(groupId, topic, '5', { memberId: 'stranger', groupGenerationId: 3 }));
      await t.ask('OffsetCommit', commit(t.name('nobody'), topic, '5', { memberId: 'stranger', groupGenerationId: 3 }));
      await t.ask('OffsetFetch', read(t.name('nobody'), topic, 0));
      await describe(t, groupId);
      await describe(t, t.name('nobody'));
      await t.ask('DeleteGroups', [groupId]);
      await t.ask('OffsetFetch', read(groupId, topic, 0));
      await t.ask('DeleteGroups', [groupId]);
    },
  },
  {
    title: 'one member joins, gets its share, beats and leaves',
    async run(t) {
      const topic = await createTopic(t, 'single');
      const groupId = t.name('alone');
      const required = await t.ask<Joined>('JoinGroup', joinRequest(groupId, ''));
      const me = await t.ask<Joined>('JoinGroup', joinRequest(groupId, required.memberId));
      await t.ask('Heartbeat', beat(groupId, me));
      await t.ask('SyncGroup', sync(groupId, me, [[me, 'all of it']]));
      await t.ask('Heartbeat', beat(groupId, me));
      await describe(t, groupId);
      await t.ask('OffsetCommit', commit(groupId, topic, '3', beat(groupId, me)));
      await t.ask('OffsetFetch', read(groupId, topic, 0));
      await t.ask('OffsetCommit', commit(groupId, topic, '4', beat(groupId, me, 7)));
      await t.ask('OffsetCommit', commit(groupId, topic, '4'));
      await t.ask('Heartbeat', beat(groupId, me, 7));
      await t.ask('Heartbeat', { ...beat(groupId, me), memberId: 'stranger' });
      await t.ask('SyncGroup', sync(groupId, { ...me, generationId: 7 }));
      await t.ask('SyncGroup', sync(groupId, { ...me, memberId: 'stranger' }));
      await t.ask('DeleteGroups', [groupId]);
      await t.ask('LeaveGroup', { groupId, memberId: 'stranger' });
      await t.ask('LeaveGroup', { groupId, memberId: me.memberId });
      await t.ask('Heartbeat', beat(groupId, me));
      await describe(t, groupId);
      await t.ask('OffsetFetch', read(groupId, topic, 0));
      await t.ask('DeleteGroups', [groupId]);
    },
  },
  {
    title: 'joining is refused where it cannot be',
    async run(t) {
      const groupId = t.name('picky');
      await t.quietly('GroupCoordinator', { groupId });
      await t.ask('JoinGroup', joinRequest(groupId, 'stranger'));
      await t.ask('JoinGroup', joinRequest(groupId, '', { sessionTimeout: 5 }));
      await t.ask('JoinGroup', joinRequest(groupId, '', { sessionTimeout: 2_000_000_000 }));
      await t.ask('JoinGroup', joinRequest('', ''));
      await t.ask('JoinGroup', joinRequest(groupId, '', { groupProtocols: [] }));
      const me = await join(t, groupId);
      t.note('joined', summary(me));
      await t.ask('SyncGroup', sync(groupId, me, [[me, 'all']]));
      const other = await t.wire();
      await t.ask('JoinGroup', joinRequest(groupId, '', { protocolType: 'other' }), other);
      await t.ask(
        'JoinGroup',
        joinRequest(groupId, '', { groupProtocols: [{ name: 'unlike', metadata: subscription }] }),
        other,
      );
      await t.ask('Heartbeat', { groupId: t.name('nobody'), groupGenerationId: 1, memberId: 'stranger' });
      await t.ask('LeaveGroup', { groupId: t.name('nobody'), memberId: 'stranger' });
    },
  },
  {
    title: 'a second member makes the first join again, and its leaving too',
    async run(t) {
      const groupId = t.name('pair');
      const one = await t.wire();
      const two = await t.wire();
      const first = await join(t, groupId, one);
      await t.quietly('SyncGroup', sync(groupId, first, [[first, 'all']]), one);
      const joining = join(t, groupId, two);
      await t.until<{ errorCode: number }>(
        (a) => a.errorCode === REBALANCE_IN_PROGRESS,
        'Heartbeat',
        beat(groupId, first),
        one,
      );
      const again = await t.quietly<Joined>('JoinGroup', joinRequest(groupId, first.memberId), one);
      const second = await joining;
      t.note('first joined again', summary(again));
      t.note('second joined', summary(second));
      const waiting = t.quietly('SyncGroup', sync(groupId, second), two);
      await t.ask(
        'SyncGroup',
        sync(groupId, again, [
          [again, 'one half'],
          [second, 'other half'],
        ]),
        one,
      );
      t.note('SyncGroup', await waiting);
      await t.ask('Heartbeat', beat(groupId, again), one);
      await t.ask('Heartbeat', beat(groupId, second), two);
      await t.ask('Heartbeat', beat(groupId, first), one);
      await t.ask('LeaveGroup', { groupId, memberId: again.memberId }, one);
      await t.until<{ errorCode: number }>(
        (a) => a.errorCode === REBALANCE_IN_PROGRESS,
        'Heartbeat',
        beat(groupId, second),
        two,
      );
      const last = await t.quietly<Joined>('JoinGroup', joinRequest(groupId, second.memberId), two);
      t.note('second leads', summary(last));
      await t.ask('SyncGroup', sync(groupId, last, [[last, 'all']]), two);
      await describe(t, groupId);
    },
  },
  {
    title: 'a member that stops beating is put out',
    async run(t) {
      const groupId = t.name('silent');
      const me = await join(t, groupId, undefined, { sessionTimeout: 1500 });
      await t.quietly('SyncGroup', sync(groupId, me, [[me, 'all']]));
      await t.until<{ groups: { state: string }[] }>(({ groups }) => groups[0]?.state === 'Empty', 'DescribeGroups', {
        groupIds: [groupId],
      });
      await t.ask('Heartbeat', beat(groupId, me));
    },
  },
  {
    title: 'groups are listed with their protocol',
    async run(t) {
      const groupId = t.name('listed');
      const me = await join(t, groupId);
      await t.quietly('SyncGroup', sync(groupId, me, [[me, 'all']]));
      const { groups } = await t.quietly<{ groups: { groupId: string; protocolType: string }[] }>('ListGroups');
      t.note(
        'ListGroups',
        groups.filter((group) => group.groupId === groupId),
      );
      await t.ask('GroupCoordinator', { groupId });
    },
  },
];
