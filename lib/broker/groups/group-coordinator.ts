import { randomUUID } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { KafkaError } from '../protocol/error-codes.ts';
import type { CommittedOffsets } from './committed-offsets.ts';
import { Group, joinRefusal } from './group.ts';
import type { GroupMember, JoinAnswer, MemberDescription, SyncAnswer } from './group-member.ts';

export interface GroupLimits {
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  readonly maxGroupSize: number;
  readonly maxGroups: number;
  /** Protocols that a member names, or the assignment that it gets. */
  readonly maxMemberBytes: number;
}

export interface JoinRequest extends MemberDescription {
  readonly groupId: string;
  readonly memberId: string;
  readonly protocolType: string;
  /** From version 4 on a client is first told its id and joins with it. */
  readonly needsKnownId: boolean;
}

/** A member as requests after the join name it. */
export interface MemberIdentity {
  readonly groupId: string;
  readonly generation: number;
  readonly memberId: string;
  readonly instanceId: string | null;
}

export type GroupOverview = Pick<Group, 'id' | 'state' | 'protocolType'>;

/** All groups of the broker; says who may join, sync, commit and leave, in Kafka's error codes. */
export class GroupCoordinator {
  readonly offsets: CommittedOffsets;
  readonly #groups = new Map<string, Group>();
  readonly #clock: Clock;
  readonly #limits: GroupLimits;

  constructor(clock: Clock, limits: GroupLimits, offsets: CommittedOffsets) {
    this.#clock = clock;
    this.#limits = limits;
    this.offsets = offsets;
  }

  group(id: string): Group | undefined {
    return this.#groups.get(id);
  }

  /** Groups with members, and groups that only have offsets. */
  get overviews(): readonly GroupOverview[] {
    const onlyOffsets = this.offsets.groupIds.filter((id) => !this.#groups.has(id));
    return [...this.#groups.values(), ...onlyOffsets.map((id) => ({ id, state: 'Empty' as const, protocolType: '' }))];
  }

  async join(request: JoinRequest): Promise<JoinAnswer> {
    const refused = this.#joinProblem(request);
    if (refused !== undefined) return refused;
    const group = this.#groups.get(request.groupId) ?? this.#create(request.groupId);
    return request.memberId === '' ? await this.#joinAnew(group, request) : await this.#joinAgain(group, request);
  }

  async sync(
    identity: MemberIdentity,
    protocol: { readonly type: string | null; readonly name: string | null },
    assignments: ReadonlyMap<string, Buffer>,
  ): Promise<SyncAnswer> {
    const found = this.#identify(identity);
    if (typeof found === 'number') return syncRefusal(found);
    const { group, member } = found;
    if (isOther(protocol.type, group.protocolType) || isOther(protocol.name, group.protocol)) {
      return syncRefusal(KafkaError.inconsistentGroupProtocol);
    }
    if (sizeOf(assignments.values()) > group.size * this.#limits.maxMemberBytes) {
      return syncRefusal(KafkaError.invalidRequest);
    }
    return await new Promise<SyncAnswer>((resolve) => {
      group.sync(member, assignments, resolve);
    });
  }

  heartbeat(identity: MemberIdentity): number {
    const found = this.#identify(identity);
    if (typeof found === 'number') return found;
    found.group.keepAlive(found.member);
    return found.group.state === 'PreparingRebalance' ? KafkaError.rebalanceInProgress : KafkaError.none;
  }

  leave(groupId: string, memberId: string, instanceId: string | null): number {
    const group = this.#groups.get(groupId);
    if (group === undefined) return KafkaError.unknownMemberId;
    if (group.forgetPending(memberId)) return KafkaError.none;
    const member = group.memberOfInstance(instanceId) ?? group.member(memberId);
    if (member === undefined) return KafkaError.unknownMemberId;
    if (instanceId !== null && memberId !== '' && member.id !== memberId) return KafkaError.fencedInstanceId;
    group.remove(member);
    return KafkaError.none;
  }

  /** Whether this member may commit; a commit without generation is taken from a group without members. */
  commitProblem(identity: MemberIdentity, isTransactional: boolean): number {
    const { groupId, generation, memberId, instanceId } = identity;
    if (groupId === '' && !isTransactional) return KafkaError.invalidGroupId;
    const isNew = !this.#groups.has(groupId) && !this.offsets.has(groupId);
    if (isNew && this.offsets.groupIds.length >= this.#limits.maxGroups) return KafkaError.policyViolation;
    const group = this.#groups.get(groupId);
    if (group === undefined || group.state === 'Empty') {
      if (generation < 0) return KafkaError.none;
      const isUnknown = group === undefined && !this.offsets.has(groupId);
      return isUnknown ? KafkaError.illegalGeneration : KafkaError.unknownMemberId;
    }
    if (generation >= 0 || memberId !== '' || instanceId !== null) {
      const found = this.#identify(identity);
      if (typeof found === 'number') return found;
      if (!isTransactional) found.group.keepAlive(found.member);
    } else if (!isTransactional) return KafkaError.unknownMemberId;
    const isAssigning = group.state === 'CompletingRebalance' && !isTransactional;
    return isAssigning ? KafkaError.rebalanceInProgress : KafkaError.none;
  }

  delete(groupId: string): number {
    const group = this.#groups.get(groupId);
    if (group === undefined && !this.offsets.has(groupId)) return KafkaError.groupIdNotFound;
    if (group !== undefined && group.state !== 'Empty') return KafkaError.nonEmptyGroup;
    group?.close();
    this.#groups.delete(groupId);
    this.offsets.deleteGroup(groupId);
    return KafkaError.none;
  }

  close(): void {
    for (const group of this.#groups.values()) group.close();
    this.#groups.clear();
  }

  #joinProblem({ groupId, memberId, sessionTimeoutMs, protocols }: JoinRequest): JoinAnswer | undefined {
    const { minSessionTimeoutMs, maxSessionTimeoutMs, maxGroups, maxMemberBytes } = this.#limits;
    if (groupId === '') return joinRefusal(KafkaError.invalidGroupId, memberId);
    if (sessionTimeoutMs < minSessionTimeoutMs || sessionTimeoutMs > maxSessionTimeoutMs) {
      return joinRefusal(KafkaError.invalidSessionTimeout, memberId);
    }
    if (sizeOf(protocols.map(({ metadata }) => metadata)) > maxMemberBytes) {
      return joinRefusal(KafkaError.invalidRequest, memberId);
    }
    if (this.#groups.has(groupId)) return undefined;
    if (memberId !== '') return joinRefusal(KafkaError.unknownMemberId, memberId);
    this.#forgetUnused();
    return this.#groups.size >= maxGroups ? joinRefusal(KafkaError.groupMaxSizeReached, memberId) : undefined;
  }

  async #joinAnew(group: Group, request: JoinRequest): Promise<JoinAnswer> {
    const old = group.memberOfInstance(request.instanceId);
    if (!group.supports(request.protocolType, request.protocols, old?.id)) {
      return joinRefusal(KafkaError.inconsistentGroupProtocol, '');
    }
    if (old === undefined && group.size >= this.#limits.maxGroupSize)
      return joinRefusal(KafkaError.groupMaxSizeReached, '');
    const memberId = `${request.instanceId ?? request.clientId}-${randomUUID()}`;
    if (old !== undefined) {
      return await new Promise<JoinAnswer>((resolve) => {
        group.replace(old, memberId, request, resolve);
      });
    }
    if (request.needsKnownId && request.instanceId === null) {
      group.expect(memberId, request.sessionTimeoutMs);
      return joinRefusal(KafkaError.memberIdRequired, memberId);
    }
    return await new Promise<JoinAnswer>((resolve) => {
      group.add(memberId, request, request.protocolType, resolve);
    });
  }

  async #joinAgain(group: Group, request: JoinRequest): Promise<JoinAnswer> {
    const { memberId, protocolType } = request;
    const instance = group.memberOfInstance(request.instanceId);
    if (instance !== undefined && instance.id !== memberId) return joinRefusal(KafkaError.fencedInstanceId, memberId);
    const member = group.member(memberId);
    if (member === undefined && !group.isPending(memberId)) return joinRefusal(KafkaError.unknownMemberId, memberId);
    if (!group.supports(protocolType, request.protocols, memberId)) {
      return joinRefusal(KafkaError.inconsistentGroupProtocol, memberId);
    }
    return await new Promise<JoinAnswer>((resolve) => {
      if (member === undefined) group.add(memberId, request, protocolType, resolve);
      else group.rejoin(member, request, resolve);
    });
  }

  #identify(identity: MemberIdentity): { readonly group: Group; readonly member: GroupMember } | number {
    const { groupId, generation, memberId, instanceId } = identity;
    const group = this.#groups.get(groupId);
    if (group === undefined) return KafkaError.unknownMemberId;
    const instance = group.memberOfInstance(instanceId);
    if (instance !== undefined && instance.id !== memberId) return KafkaError.fencedInstanceId;
    const member = group.member(memberId);
    if (member === undefined) return KafkaError.unknownMemberId;
    return generation === group.generation ? { group, member } : KafkaError.illegalGeneration;
  }

  #create(id: string): Group {
    const group = new Group(id, this.#clock);
    this.#groups.set(id, group);
    return group;
  }

  /** Groups without members and without offsets leave nothing behind. */
  #forgetUnused(): void {
    if (this.#groups.size < this.#limits.maxGroups) return;
    for (const group of this.#groups.values()) {
      if (group.size === 0 && !this.offsets.has(group.id)) this.#groups.delete(group.id);
    }
  }
}

function sizeOf(pieces: Iterable<Buffer>): number {
  let size = 0;
  for (const piece of pieces) size += piece.length;
  return size;
}

function isOther(given: string | null, own: string): boolean {
  return given !== null && given !== own;
}

/** The answer to a SyncGroup that was not taken. */
function syncRefusal(error: number): SyncAnswer {
  return { error, protocolType: null, protocolName: null, assignment: Buffer.alloc(0) };
}
