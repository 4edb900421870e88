import type { Socket } from 'node:net';
import type { Clock } from '../kernel/clock.ts';
import { messageOf, MillraceError } from '../kernel/errors.ts';
import type { Endpoint } from './apis/api.ts';
import type { BrokerLimits } from './broker-limits.ts';
import type { Reply, RequestSource } from './dispatch.ts';
import { FrameReader } from './frame-reader.ts';
import type { ByteBudget } from './log/byte-budget.ts';

/** Bytes of pipelined requests that are read ahead while one is being answered. */
const readAheadBytes = 1_048_576;
/** Bytes that may wait in the socket before the next request is taken up. */
const unsentBytes = 1_048_576;

export interface ConnectionOptions {
  readonly socket: Socket;
  readonly clock: Clock;
  readonly limits: BrokerLimits;
  readonly received: ByteBudget;
  readonly advertised: Endpoint;
  readonly answer: (frame: Buffer, source: RequestSource) => Reply | Promise<Reply>;
  readonly onClosed: (reason: string | undefined) => void;
}

/**
 * One client: its requests are answered one after the other, as Kafka does, so a waiting Fetch holds up what was sent after it.
 *
 * Nothing is taken up while the client does not read its answers, and nothing is read while much waits: a client can only fill its own buffers.
 */
export class Connection implements RequestSource {
  readonly clientHost: string;
  readonly advertised: Endpoint;
  readonly #options: ConnectionOptions;
  readonly #frames: FrameReader;
  readonly #closeListeners = new Set<() => void>();
  #heldBytes = 0;
  #isAnswering = false;
  #isClosed = false;
  #activeAtMs: number;
  #frameSinceMs: number | undefined;
  #unsentSinceMs: number | undefined;

  constructor(options: ConnectionOptions) {
    const { socket, clock, limits, advertised } = options;
    this.#options = options;
    this.#frames = new FrameReader(limits.frameBytes);
    this.#activeAtMs = clock.monotonicMs();
    this.clientHost = plainHost(socket.remoteAddress ?? '');
    this.advertised = { host: plainHost(advertised.host), port: advertised.port };
    socket.setNoDelay(true);
    socket.on('error', () => {
      // 'close' follows and says all there is to say.
    });
    socket.on('close', () => {
      this.close();
    });
    socket.on('end', () => {
      this.close();
    });
    socket.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
  }

  readonly onClosed = (listener: () => void): (() => void) => {
    if (this.#isClosed) listener();
    else this.#closeListeners.add(listener);
    return () => void this.#closeListeners.delete(listener);
  };

  close(reason?: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.socket.destroy();
    this.#options.received.release(this.#heldBytes);
    this.#heldBytes = 0;
    for (const listener of this.#closeListeners) listener();
    this.#closeListeners.clear();
    this.#options.onClosed(reason);
  }

  /** Closes the connection where the client takes too long; called every few seconds. */
  checkTimeouts(nowMs: number): void {
    const { frameTimeoutMs, writeTimeoutMs, idleTimeoutMs } = this.#options.limits;
    const isOver = (since: number | undefined, limit: number): boolean => since !== undefined && nowMs - since > limit;
    if (isOver(this.#unsentSinceMs, writeTimeoutMs)) this.close('it does not read its answers');
    else if (isOver(this.#frameSinceMs, frameTimeoutMs)) this.close('its request did not arrive in time');
    else if (!this.#isAnswering && isOver(this.#activeAtMs, idleTimeoutMs)) this.close();
  }

  #receive(chunk: Buffer): void {
    if (this.#isClosed) return;
    this.#activeAtMs = this.#options.clock.monotonicMs();
    this.#frames.push(chunk);
    if (!this.#account()) {
      this.close('requests that wait fill the memory for them');
      return;
    }
    if (!this.#isAnswering) this.#answerAll();
    else if (this.#frames.bufferedBytes > readAheadBytes) this.#options.socket.pause();
  }

  /** Keeps the shared count of received bytes in step; false when it is used up. */
  #account(): boolean {
    const grown = this.#frames.bufferedBytes - this.#heldBytes;
    if (grown > 0 && !this.#options.received.take(grown)) return false;
    if (grown < 0) this.#options.received.release(-grown);
    this.#heldBytes += grown;
    return true;
  }

  /** Answers what has arrived. Stays in one turn as long as handlers do. */
  #answerAll(): void {
    this.#isAnswering = true;
    try {
      while (!this.#isClosed) {
        const frame = this.#frames.next();
        this.#account();
        if (frame === undefined) break;
        this.#frameSinceMs = undefined;
        const reply = this.#options.answer(frame, this);
        if (reply instanceof Promise) {
          this.#continueAfter(reply);
          return;
        }
        if (!this.#send(reply)) return;
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#isAnswering = false;
    if (this.#isClosed) return;
    this.#frameSinceMs = this.#frames.bufferedBytes > 0 ? (this.#frameSinceMs ?? this.#activeAtMs) : undefined;
    if (this.#options.socket.isPaused()) this.#options.socket.resume();
  }

  #continueAfter(reply: Promise<Reply>): void {
    reply.then(
      (ready) => {
        if (!this.#isClosed && this.#send(ready)) this.#answerAll();
      },
      (error: unknown) => {
        this.#fail(error);
      },
    );
  }

  /** Hands a reply to the socket. False when answering goes on later or not at all. */
  #send(reply: Reply): boolean {
    if (reply === 'close') {
      this.close();
      return false;
    }
    if (reply === undefined) return true;
    const { socket, clock } = this.#options;
    socket.cork();
    for (const part of reply) socket.write(part);
    socket.uncork();
    this.#activeAtMs = clock.monotonicMs();
    if (socket.writableLength <= unsentBytes) return true;
    this.#unsentSinceMs = this.#activeAtMs;
    socket.pause();
    socket.once('drain', () => {
      this.#unsentSinceMs = undefined;
      if (!this.#isClosed) this.#answerAll();
    });
    return false;
  }

  #fail(error: unknown): void {
    const isProtocol = error instanceof MillraceError && error.code === 'BROKER_PROTOCOL';
    this.close(isProtocol ? String(error.params['what']) : `a request failed: ${messageOf(error)}`);
  }
}

/** An IPv4 address is shown as one also where the socket speaks IPv6. */
function plainHost(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
