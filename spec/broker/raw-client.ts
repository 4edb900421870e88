import { connect, type Socket } from 'node:net';
import { apiNamed } from '../../lib/broker/apis/index.ts';
import { Decoder } from '../../lib/broker/protocol/decoder.ts';
import { Encoder } from '../../lib/broker/protocol/encoder.ts';
import { FrameReader } from '../../lib/broker/frame-reader.ts';

export type Message = Readonly<Record<string, unknown>>;

/** A connection that sends any bytes and reads whatever comes back, for what no proper client does. */
export class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  readonly #frames = new FrameReader(1 << 30);
  readonly #received: Buffer[] = [];
  #wake: () => void = () => undefined;
  #isClosed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#isClosed = true;
        this.#wake();
        resolve();
      });
    });
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.#frames.push(chunk);
      for (let frame = this.#frames.next(); frame !== undefined; frame = this.#frames.next())
        this.#received.push(frame);
      this.#wake();
    });
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RawClient(socket);
  }

  send(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** Sends one request and reads its answer. */
  async ask(api: string, version: number, message: Message): Promise<Message> {
    const answer = await this.askOrClose(api, version, message);
    if (answer === undefined) throw new TypeError(`the broker closed the connection instead of answering ${api}`);
    return answer;
  }

  /** The same; undefined when the broker closed the connection instead. */
  async askOrClose(api: string, version: number, message: Message): Promise<Message | undefined> {
    this.send(requestFrame(api, version, message));
    return await this.answerTo(api, version);
  }

  async answerTo(api: string, version: number): Promise<Message | undefined> {
    const frame = await this.nextFrame();
    return frame === undefined ? undefined : decodeResponse(api, version, frame);
  }

  async nextFrame(): Promise<Buffer | undefined> {
    for (;;) {
      const frame = this.#received.shift();
      if (frame !== undefined || this.#isClosed) return frame;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    this.socket.destroy();
  }
}

export function requestFrame(name: string, version: number, message: Message, correlationId = 7): Buffer {
  const api = apiNamed(name);
  if (api === undefined) throw new TypeError(`no API ${name}`);
  const isFlexible = version >= api.flexibleSince;
  const output = new Encoder();
  output.int16(api.key);
  output.int16(version);
  output.int32(correlationId);
  output.string('raw', false);
  if (isFlexible) output.noTags();
  api.request.write(output, message, version, isFlexible);
  return Buffer.concat(output.toFrame());
}

function decodeResponse(name: string, version: number, frame: Buffer): Message {
  const api = apiNamed(name);
  if (api === undefined) throw new TypeError(`no API ${name}`);
  const isFlexible = version >= api.flexibleSince;
  const input = new Decoder(frame, 4);
  if (isFlexible && name !== 'ApiVersions') input.skipTags();
  return api.response.read(input, version, isFlexible);
}
