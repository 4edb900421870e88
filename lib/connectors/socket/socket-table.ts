import { host } from '../../io/host.ts';
import type { ColumnarBlock } from '../../io/columnar-block.ts';
import type { Offset } from '../../io/offsets.ts';
import type { ConnectorContext } from '../../io/registry.ts';
import { RowsBlock } from '../../io/rows-block.ts';
import type { TableFormat } from '../../io/table-format.ts';
import type { Available, TableRange, TableSource } from '../../io/table-source.ts';
import { textLines } from '../../io/text-lines.ts';
import type { TextOptions } from '../../io/text-options.ts';
import type { Clock } from '../../kernel/clock.ts';
import { raise } from '../../kernel/errors.ts';

interface Settings {
  readonly address: string;
  readonly port: number;
  readonly includeTimestamp: boolean;
}

/**
 * Lines of text from a TCP server: `format('socket')`, for trying things out. What was read and not committed when the program ends is
 * lost, since a socket cannot be asked again.
 */
export const socketTable: TableFormat = {
  columns: (options) =>
    settingsOf(options).includeTimestamp
      ? [
          ['value', 'STRING'],
          ['timestamp', 'TIMESTAMP'],
        ]
      : [['value', 'STRING']],
  stream: (options, context) => new SocketSource(settingsOf(options), context),
};

function settingsOf(options: TextOptions): Settings {
  const problems: string[] = [];
  const address = options.get('host');
  const port = Number(options.get('port'));
  if (address === undefined) problems.push('host is missing');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) problems.push('port must be a number from 1 to 65535');
  const stamp = (options.get('includeTimestamp') ?? 'false').toLowerCase();
  if (stamp !== 'true' && stamp !== 'false') problems.push(`includeTimestamp must be true or false, not ${stamp}`);
  if (problems.length > 0) raise('SOURCE_OPTIONS', { format: 'socket', problems: problems.join('; ') });
  return { address: address ?? '', port, includeTimestamp: stamp === 'true' };
}

const partition = '0';

class SocketSource implements TableSource {
  readonly description: string;
  readonly givesOnce = true;
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #warn: (text: string) => void;
  readonly #ended = new AbortController();
  /** Lines from `#first` on, with the time of their arrival in microseconds. */
  #lines: (readonly [text: string, timeUs: number])[] = [];
  #first = 0;
  #frozen: number | undefined;
  #seen = 0;
  #failed: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(settings: Settings, { clock, warn }: ConnectorContext) {
    this.description = `TextSocketV2[host: ${settings.address}, port: ${settings.port}]`;
    this.#settings = settings;
    this.#clock = clock;
    this.#warn = warn;
  }

  async open(from: Offset | undefined): Promise<Offset> {
    const { address, port } = this.#settings;
    const bytes = await host().connect(address, port, this.#ended.signal);
    this.#first = from?.[partition] ?? 0;
    // It ends with the connection; what it fails with is found by the next look.
    void this.#receive(bytes);
    return from ?? { [partition]: 0 };
  }

  available(from: Offset): Promise<Available> {
    if (this.#failed !== undefined) return Promise.reject(this.#failed.error);
    const end = Math.max(from[partition] ?? 0, Math.min(this.#end, this.#frozen ?? Number.POSITIVE_INFINITY));
    this.#seen = this.#end;
    const until = { [partition]: end };
    return Promise.resolve({ from, until, latest: until });
  }

  freeze(): Promise<void> {
    this.#frozen = this.#end;
    return Promise.resolve();
  }

  // oxlint-disable-next-line typescript/require-await
  async *read({ from, until }: TableRange): AsyncGenerator<ColumnarBlock, void, undefined> {
    const [start, end] = [from[partition] ?? 0, until[partition] ?? 0];
    if (end > this.#end) {
      this.#first = Math.max(this.#first, end);
      this.#warn(
        `${this.description}: ${end - start} lines that were read before the last end of the program are lost.`,
      );
      return;
    }
    const rows = this.#lines.slice(start - this.#first, end - this.#first);
    yield new RowsBlock(['value', 'timestamp'], rows, (row) => ({ line: start + row }));
  }

  commit(until: Offset): Promise<void> {
    const done = (until[partition] ?? 0) - this.#first;
    if (done > 0) {
      this.#lines = this.#lines.slice(done);
      this.#first += done;
    }
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#ended.abort();
    return Promise.resolve();
  }

  async changed(): Promise<void> {
    if (this.#end > this.#seen || this.#failed !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  printOffset(offset: Offset): unknown {
    return offset[partition] ?? 0;
  }

  get #end(): number {
    return this.#first + this.#lines.length;
  }

  async #receive(bytes: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const lines of textLines(bytes)) {
        const nowUs = this.#clock.now() * 1000;
        for (const line of lines) this.#lines.push([line, nowUs]);
        this.#wake?.();
      }
    } catch (error) {
      this.#failed = { error };
      this.#wake?.();
    }
  }
}
