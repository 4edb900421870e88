import { host } from '../../io/host.ts';
import { Receiver } from './receiver.ts';

/** What becomes of the bytes of a connection: groups of records, as they come. */
export type SocketConverter<T> = (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Iterable<T>>;

/**
 * Receives what a TCP server sends, and connects again when the connection ends. While the engine takes nothing more it reads nothing
 * more, which holds the server back. TCP tells the server nothing of what was stored: what was on its way is lost with either side.
 */
export class SocketReceiver<T> extends Receiver<T> {
  readonly #address: string;
  readonly #port: number;
  readonly #convert: SocketConverter<T>;
  #connection: AbortController | undefined;

  constructor(address: string, port: number, convert: SocketConverter<T>) {
    super();
    this.#address = address;
    this.#port = port;
    this.#convert = convert;
  }

  onStart(): void {
    const connection = new AbortController();
    this.#connection = connection;
    void this.#receive(connection.signal);
  }

  onStop(): void {
    this.#connection?.abort();
  }

  async #receive(until: AbortSignal): Promise<void> {
    let what = 'connecting failed';
    try {
      const chunks = await host().connect(this.#address, this.#port, until);
      what = 'receiving failed';
      for await (const records of this.#convert(chunks)) {
        for (const record of records) if (!(await this.store(record))) return;
      }
      if (!until.aborted) this.restart(`${this.#address}:${this.#port} has no more data`);
    } catch (error) {
      if (!until.aborted) this.restart(what, { error });
    }
  }
}
