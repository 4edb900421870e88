import type { Clock } from '../../kernel/clock.ts';
import { Timer } from '../timer.ts';

export interface MemberProtocol {
  readonly name: string;
  readonly metadata: Buffer;
}

export interface JoinAnswer {
  readonly error: number;
  readonly generation: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leader: string;
  readonly memberId: string;
  readonly members: readonly {
    readonly memberId: string;
    readonly instanceId: string | null;
    readonly metadata: Buffer;
  }[];
}

export interface SyncAnswer {
  readonly error: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignment: Buffer;
}

/** What a client says of itself when it joins. */
export interface MemberDescription {
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocols: readonly MemberProtocol[];
}

/** One member of a group, with the requests of it that wait for an answer. */
export class GroupMember {
  readonly id: string;
  readonly sessionTimer: Timer;
  description: MemberDescription;
  assignment: Buffer = Buffer.alloc(0);
  #join: ((answer: JoinAnswer) => void) | undefined;
  #sync: ((answer: SyncAnswer) => void) | undefined;

  constructor(id: string, description: MemberDescription, clock: Clock) {
    this.id = id;
    this.description = description;
    this.sessionTimer = new Timer(clock);
  }

  get isJoining(): boolean {
    return this.#join !== undefined;
  }

  get isSyncing(): boolean {
    return this.#sync !== undefined;
  }

  awaitJoin(answer: (answer: JoinAnswer) => void): void {
    this.#join = answer;
  }

  awaitSync(answer: (answer: SyncAnswer) => void): void {
    this.#sync = answer;
  }

  answerJoin(answer: JoinAnswer): void {
    const join = this.#join;
    this.#join = undefined;
    join?.(answer);
  }

  answerSync(answer: SyncAnswer): void {
    const sync = this.#sync;
    this.#sync = undefined;
    sync?.(answer);
  }

  metadataFor(protocol: string): Buffer {
    return this.description.protocols.find(({ name }) => name === protocol)?.metadata ?? Buffer.alloc(0);
  }

  offersTheSameAs(protocols: readonly MemberProtocol[]): boolean {
    const mine = this.description.protocols;
    return (
      mine.length === protocols.length &&
      mine.every(({ name, metadata }, i) => protocols[i]?.name === name && metadata.equals(protocols[i].metadata))
    );
  }
}
