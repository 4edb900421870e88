import type { Clock } from '../../kernel/clock.ts';
import { KafkaError } from '../protocol/error-codes.ts';
import { Timer } from '../timer.ts';
import { commonProtocols, electProtocol } from './group-protocols.ts';
import {
  GroupMember,
  type JoinAnswer,
  type MemberDescription,
  type MemberProtocol,
  type SyncAnswer,
} from './group-member.ts';

/**
 * The life of a group, as Kafka names it:
 *
 *     Empty -> PreparingRebalance -> CompletingRebalance -> Stable
 *                ^  all have joined     leader has synced     |
 *                +------ a member joins, leaves, times out ---+      the last one leaves: Empty
 */
export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';

/** Members of one consumer group and the rebalance protocol between them. Offsets are kept elsewhere. */
export class Group {
  readonly id: string;
  readonly #clock: Clock;
  readonly #members = new Map<string, GroupMember>();
  /** Ids given out whose members have not joined with them yet. */
  readonly #pending = new Map<string, Timer>();
  readonly #rebalanceTimer: Timer;
  #state: GroupState = 'Empty';
  #generation = 0;
  #leader = '';
  #protocolType: string | null = null;
  #protocol: string | null = null;

  constructor(id: string, clock: Clock) {
    this.id = id;
    this.#clock = clock;
    this.#rebalanceTimer = new Timer(clock);
  }

  get state(): GroupState {
    return this.#state;
  }

  get generation(): number {
    return this.#generation;
  }

  get protocolType(): string {
    return this.#protocolType ?? '';
  }

  get protocol(): string {
    return this.#protocol ?? '';
  }

  get members(): readonly GroupMember[] {
    return [...this.#members.values()];
  }

  get size(): number {
    return this.#members.size + this.#pending.size;
  }

  isPending(memberId: string): boolean {
    return this.#pending.has(memberId);
  }

  member(memberId: string): GroupMember | undefined {
    return this.#members.get(memberId);
  }

  memberOfInstance(instanceId: string | null): GroupMember | undefined {
    return instanceId === null
      ? undefined
      : this.members.find(({ description }) => description.instanceId === instanceId);
  }

  /** Whether a member with these protocols and those already here have one in common. */
  supports(protocolType: string, protocols: readonly MemberProtocol[], exceptMember = ''): boolean {
    if (protocolType === '' || protocols.length === 0) return false;
    const others = this.members.filter(({ id }) => id !== exceptMember);
    if (others.length === 0) return true;
    return (
      protocolType === this.#protocolType &&
      commonProtocols(others).some((name) => protocols.some((p) => p.name === name))
    );
  }

  /** Remembers an id that a client is told to join with; forgotten when it does not. */
  expect(memberId: string, withinMs: number): void {
    const timer = new Timer(this.#clock);
    this.#pending.set(memberId, timer);
    timer.set(withinMs, () => {
      this.forgetPending(memberId);
    });
  }

  forgetPending(memberId: string): boolean {
    const timer = this.#pending.get(memberId);
    timer?.cancel();
    this.#pending.delete(memberId);
    if (timer !== undefined) this.#completeJoin();
    return timer !== undefined;
  }

  /** A member that is new here joins; everyone else is asked to join again. */
  add(
    memberId: string,
    description: MemberDescription,
    protocolType: string,
    answer: (answer: JoinAnswer) => void,
  ): void {
    this.#pending.get(memberId)?.cancel();
    this.#pending.delete(memberId);
    const member = new GroupMember(memberId, description, this.#clock);
    this.#members.set(memberId, member);
    this.#protocolType = protocolType;
    member.awaitJoin(answer);
    this.#rebalance();
  }

  /** A member that is here joins once more. Where nothing changed it is told the present generation. */
  rejoin(member: GroupMember, description: MemberDescription, answer: (answer: JoinAnswer) => void): void {
    const isSame = member.offersTheSameAs(description.protocols);
    const isFollower = member.id !== this.#leader;
    const mayStay = this.#state === 'CompletingRebalance' || (this.#state === 'Stable' && isFollower);
    member.description = description;
    if (isSame && mayStay) {
      this.keepAlive(member);
      answer(this.#joinAnswer(member));
      return;
    }
    member.answerJoin(joinRefusal(KafkaError.rebalanceInProgress, member.id));
    member.awaitJoin(answer);
    this.#rebalance();
  }

  /** A static member is back under a new id and takes over what the old id had; the old id is fenced. */
  replace(
    old: GroupMember,
    memberId: string,
    description: MemberDescription,
    answer: (answer: JoinAnswer) => void,
  ): void {
    old.sessionTimer.cancel();
    old.answerJoin(joinRefusal(KafkaError.fencedInstanceId, old.id));
    old.answerSync(this.#syncAnswer(KafkaError.fencedInstanceId));
    const member = new GroupMember(memberId, description, this.#clock);
    member.assignment = old.assignment;
    const others = this.members.map((each): [string, GroupMember] =>
      each === old ? [memberId, member] : [each.id, each],
    );
    this.#members.clear();
    for (const [id, each] of others) this.#members.set(id, each);
    if (this.#leader === old.id) this.#leader = memberId;
    if (this.#state === 'Stable' && old.offersTheSameAs(description.protocols)) {
      this.keepAlive(member);
      answer({ ...this.#joinAnswer(member), leader: this.#leader === memberId ? old.id : this.#leader, members: [] });
      return;
    }
    member.awaitJoin(answer);
    this.#rebalance();
  }

  /** Hands in the leader's assignments, or asks for one's own: answered when the leader has synced. */
  sync(member: GroupMember, assignments: ReadonlyMap<string, Buffer>, answer: (answer: SyncAnswer) => void): void {
    if (this.#state === 'PreparingRebalance') {
      answer(this.#syncAnswer(KafkaError.rebalanceInProgress));
      return;
    }
    this.keepAlive(member);
    if (this.#state === 'Stable') {
      answer(this.#syncAnswer(KafkaError.none, member.assignment));
      return;
    }
    member.answerSync(this.#syncAnswer(KafkaError.rebalanceInProgress));
    member.awaitSync(answer);
    if (member.id !== this.#leader) return;
    this.#rebalanceTimer.cancel();
    this.#state = 'Stable';
    for (const each of this.#members.values()) {
      each.assignment = assignments.get(each.id) ?? Buffer.alloc(0);
      this.keepAlive(each);
      each.answerSync(this.#syncAnswer(KafkaError.none, each.assignment));
    }
  }

  /** Starts the member's session anew. A member that waits for an answer of ours cannot time out. */
  keepAlive(member: GroupMember): void {
    member.sessionTimer.set(member.description.sessionTimeoutMs, () => {
      if (!member.isJoining && !member.isSyncing) this.remove(member);
    });
  }

  remove(member: GroupMember): void {
    member.sessionTimer.cancel();
    this.#members.delete(member.id);
    member.answerJoin(joinRefusal(KafkaError.unknownMemberId, member.id));
    member.answerSync(this.#syncAnswer(KafkaError.unknownMemberId));
    if (this.#members.size > 0) {
      this.#rebalance();
      return;
    }
    this.#becomeEmpty();
  }

  close(): void {
    this.#rebalanceTimer.cancel();
    for (const timer of this.#pending.values()) timer.cancel();
    for (const member of this.#members.values()) member.sessionTimer.cancel();
  }

  #becomeEmpty(): void {
    this.#rebalanceTimer.cancel();
    this.#generation++;
    this.#state = 'Empty';
    this.#leader = '';
    this.#protocol = null;
  }

  #rebalance(): void {
    if (this.#state !== 'PreparingRebalance') {
      this.#state = 'PreparingRebalance';
      for (const member of this.#members.values()) member.answerSync(this.#syncAnswer(KafkaError.rebalanceInProgress));
      this.#rebalanceTimer.set(this.#rebalanceTimeoutMs(), () => {
        this.#dropUnless((member) => member.isJoining || member.description.instanceId !== null);
        this.#completeJoin(true);
      });
    }
    this.#completeJoin();
  }

  #completeJoin(isOverdue = false): void {
    if (this.#state !== 'PreparingRebalance') return;
    const members = this.members;
    if (members.length === 0) {
      this.#becomeEmpty();
      return;
    }
    const allJoined = this.#pending.size === 0 && members.every((member) => member.isJoining);
    if (!allJoined && !isOverdue) return;
    this.#generation++;
    this.#state = 'CompletingRebalance';
    if (!this.#members.has(this.#leader))
      this.#leader = (members.find((member) => member.isJoining) ?? members[0])?.id ?? '';
    this.#protocol = electProtocol(members);
    this.#rebalanceTimer.set(this.#rebalanceTimeoutMs(), () => {
      // Those who joined and never ask for their assignment hold up everyone.
      this.#dropUnless((member) => member.isSyncing);
      if (this.#members.size > 0) this.#rebalance();
      else this.#becomeEmpty();
    });
    for (const member of members) {
      this.keepAlive(member);
      member.answerJoin(this.#joinAnswer(member));
    }
  }

  #dropUnless(stays: (member: GroupMember) => boolean): void {
    for (const member of this.members) {
      if (stays(member)) continue;
      member.sessionTimer.cancel();
      this.#members.delete(member.id);
    }
  }

  #rebalanceTimeoutMs(): number {
    return Math.max(...this.members.map(({ description }) => description.rebalanceTimeoutMs));
  }

  #joinAnswer(member: GroupMember): JoinAnswer {
    const protocol = this.#protocol ?? '';
    const isLeader = member.id === this.#leader;
    return {
      error: KafkaError.none,
      generation: this.#generation,
      protocolType: this.#protocolType,
      protocolName: protocol,
      leader: this.#leader,
      memberId: member.id,
      members: (isLeader ? this.members : []).map((each) => ({
        memberId: each.id,
        instanceId: each.description.instanceId,
        metadata: each.metadataFor(protocol),
      })),
    };
  }

  #syncAnswer(error: number, assignment: Buffer = Buffer.alloc(0)): SyncAnswer {
    return { error, protocolType: this.#protocolType, protocolName: this.#protocol, assignment };
  }
}

/** The answer to a JoinGroup that did not get its member into the group. */
export function joinRefusal(error: number, memberId: string): JoinAnswer {
  return { error, generation: -1, protocolType: null, protocolName: null, leader: '', memberId, members: [] };
}
