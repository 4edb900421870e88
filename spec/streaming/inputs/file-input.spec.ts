import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BatchInfo, type Config, type DStream, ManualClock, StreamingContext } from '../../../lib/index.ts';
import { type Host, host, installHost } from '../../../lib/io/host.ts';
import { MemoryCheckpoints } from '../../../lib/testing/index.ts';
import { FakeHost } from './fake-host.ts';

let machine: FakeHost;
let before: Host;
let checkpoints: MemoryCheckpoints;

beforeEach(() => {
  before = host();
  machine = new FakeHost();
  installHost(machine);
  checkpoints = new MemoryCheckpoints();
});

afterEach(async () => {
  await StreamingContext.getActive()?.stop();
  installHost(before);
});

interface Program {
  readonly ssc: StreamingContext;
  readonly out: string[];
  readonly infos: BatchInfo[];
}

/** Shows each batch as `time: records`. */
async function program<T>(
  clock: ManualClock,
  input: (ssc: StreamingContext) => DStream<T>,
  config: Config = {},
): Promise<Program> {
  const out: string[] = [];
  const infos: BatchInfo[] = [];
  const ssc = await StreamingContext.getOrCreate('memory:files', () => {
    const made = new StreamingContext({
      appName: 'files',
      batchInterval: 1000,
      clock,
      config,
      openCheckpoint: checkpoints.open,
    });
    input(made).foreachRDD(async (rdd, time) => {
      out.push(`${time}: ${(await rdd.collect()).map(String).join(' ')}`.trimEnd());
    });
    return made;
  });
  ssc.addStreamingListener({ onBatchCompleted: ({ batchInfo }) => infos.push(batchInfo) });
  await ssc.start();
  return { ssc, out, infos };
}

function linesOfIn(ssc: StreamingContext): DStream<string> {
  return ssc.textFileStream('in');
}

/** A context whose first batch, of the files a and b, was planned and has failed. */
async function failedOnce(config: { readonly failOnDataLoss?: boolean }): Promise<{
  readonly clock: ManualClock;
  readonly restart: () => Promise<Program>;
}> {
  const clock = new ManualClock();
  let fails = true;
  const input = (ssc: StreamingContext): DStream<string> =>
    ssc.fileStream('in', config).map((line) => (fails ? (JSON.parse('{') as string) : line));
  const first = await program(clock, input);
  machine.put('in/a', 'a', 500);
  machine.put('in/b', 'b', 500);
  await clock.advance(1000);
  await first.ssc.awaitTermination().catch(() => undefined);
  fails = false;
  return { clock, restart: async () => await program(clock, input) };
}

describe('textFileStream', () => {
  it('gives the lines of new files, a partition for each, and says how many there were', async () => {
    const clock = new ManualClock();
    machine.put('in/old', 'old', 0);
    const partitions: number[] = [];
    const { out, infos } = await program(clock, (ssc) => {
      const lines = ssc.textFileStream('in/');
      lines.foreachRDD((rdd) => void partitions.push(rdd.getNumPartitions()));
      return lines;
    });
    machine.put('in/b', 'b1\nb2\n', 400);
    machine.put('in/a', 'a1', 600);
    await clock.advance(2000);
    machine.put('in/c', 'c1', 2500);
    await clock.advance(1000);
    expect(out).toEqual(['1000: a1 b1 b2', '2000:', '3000: c1']);
    expect(partitions).toEqual([2, 0, 1]);
    expect(infos.map(({ numRecords }) => numRecords)).toEqual([3, 0, 1]);
    expect(infos[0]?.streamIdToInputInfo[0]?.metadata).toEqual({ files: ['in/a', 'in/b'] });
  });

  it('names file and line of a record that a function of the program cannot take', async () => {
    const clock = new ManualClock();
    const { ssc } = await program(clock, (made) => made.textFileStream('in').map((line) => JSON.parse(line) as number));
    machine.put('in/a', '1\n2\noops\n', 500);
    await clock.advance(1000);
    await expect(ssc.awaitTermination()).rejects.toMatchObject({
      code: 'RDD_FUNCTION_FAILED',
      where: { batchTime: 1000, file: 'in/a:3' },
    });
  });

  it('is empty and tells it once while the folder cannot be listed', async () => {
    const clock = new ManualClock();
    const { out } = await program(clock, (ssc) => ssc.textFileStream('in'));
    await clock.advance(2000);
    machine.put('in/a', 'a', 1500);
    await clock.advance(1000);
    expect(out).toEqual(['1000:', '2000:', '3000: a']);
    expect(machine.warnings.filter((text) => text.startsWith('[SOURCE_FOLDER_NOT_LISTED]'))).toHaveLength(1);
  });

  it('tells of a file that came with a time for which it is too old', async () => {
    const clock = new ManualClock(100_000);
    machine.put('in/x', 'x', 0);
    const { out } = await program(clock, (ssc) => ssc.textFileStream('in'));
    await clock.advance(1000);
    machine.put('in/late', 'late', 5000);
    await clock.advance(2000);
    expect(out).toEqual(['101000:', '102000:', '103000:']);
    expect(machine.warnings).toEqual([expect.stringMatching(/^\[SOURCE_FILE_TOO_OLD\] The file in\/late /u)]);
  });

  describe('after a restart', () => {
    it('gives what came meanwhile to the batches of those times, with one look at the folder', async () => {
      const clock = new ManualClock();
      const first = await program(clock, (ssc) => ssc.textFileStream('in'));
      machine.put('in/a', 'a', 500);
      await clock.advance(1000);
      await first.ssc.stop();
      machine.put('in/b', 'b', 1500);
      machine.put('in/d', 'd', 3500);
      await clock.advance(3000);
      const listed = machine.listed;
      const second = await program(clock, (ssc) => ssc.textFileStream('in'));
      await clock.advance(0);
      expect(machine.listed - listed).toBe(1);
      expect(second.out).toEqual(['2000: b', '3000:', '4000: d']);
    });

    it('looks again for the next batch of a backlog when the folder cannot be listed', async () => {
      const clock = new ManualClock();
      const first = await program(clock, linesOfIn);
      await clock.advance(1000);
      await first.ssc.stop();
      machine.put('in/a', 'a', 1500);
      machine.failing = 2;
      await clock.advance(4000);
      const second = await program(clock, linesOfIn);
      await clock.advance(0);
      expect(second.out).toEqual(['2000:', '3000:', '4000: a', '5000:']);
    });

    it('runs a batch again with the files of its plan, and takes none of them a second time', async () => {
      const clock = new ManualClock();
      machine.put('in/a', 'a', 1);
      let fails = true;
      const input = (ssc: StreamingContext): DStream<string> =>
        ssc.textFileStream('in').map((line) => (fails ? (JSON.parse('{') as string) : line));
      const first = await program(clock, input);
      await clock.advance(1000);
      await expect(first.ssc.awaitTermination()).rejects.toMatchObject({ code: 'RDD_FUNCTION_FAILED' });
      // In time for the batch that failed, and yet not in its plan.
      machine.put('in/b', 'b', 900);
      fails = false;
      const second = await program(clock, input);
      await clock.advance(2000);
      expect(second.out).toEqual(['1000: a', '2000: b', '3000:']);
      await second.ssc.stop();
      const third = await program(clock, input);
      await clock.advance(1000);
      expect(third.out).toEqual(['4000:']);
    });

    it('still leaves out what was there before the first start', async () => {
      const clock = new ManualClock(5000);
      machine.put('in/old', 'old', 4900);
      const first = await program(clock, linesOfIn);
      await clock.advance(1000);
      await first.ssc.stop();
      const second = await program(clock, linesOfIn);
      await clock.advance(1000);
      expect([...first.out, ...second.out]).toEqual(['6000:', '7000:']);
    });
  });
});

describe('a path with a pattern', () => {
  it('is looked up anew for each batch, and gives the files of all folders it stands for', async () => {
    const clock = new ManualClock();
    const { out } = await program(clock, (ssc) => ssc.textFileStream('logs/*/eu'));
    machine.put('logs/monday/eu/a', 'a', 400);
    machine.put('logs/monday/us/b', 'b', 400);
    machine.put('logs/monday/c', 'c', 400);
    await clock.advance(1000);
    machine.put('logs/tuesday/eu/a', 'a of tuesday', 1500);
    machine.put('logs/monday/eu/d', 'd', 1600);
    await clock.advance(2000);
    expect(out).toEqual(['1000: a', '2000: d a of tuesday', '3000:']);
    expect(machine.warnings).toEqual([]);
  });

  it('that stands for none gives empty batches', async () => {
    const clock = new ManualClock();
    machine.put('logs/monday/a', 'a', 400);
    const { out } = await program(clock, (ssc) => ssc.binaryRecordsStream('logs/none-*', 1));
    await clock.advance(1000);
    expect(out).toEqual(['1000:']);
  });
});

describe('fileStream', () => {
  it('reads also what was there before when newFilesOnly is false, as far as the window goes', async () => {
    const clock = new ManualClock(100_000);
    machine.put('in/old', 'old', 40_000);
    machine.put('in/recent', 'recent', 42_000);
    const { out } = await program(clock, (ssc) => ssc.fileStream('in', { newFilesOnly: false }));
    await clock.advance(2000);
    expect(out).toEqual(['101000: recent', '102000:']);
  });

  it('takes what the filter and parse of the program say', async () => {
    const clock = new ManualClock();
    const { out } = await program(clock, (ssc) =>
      ssc.fileStream('in', {
        filter: (path) => path.endsWith('.json'),
        parse: (bytes, path) => [`${path} has ${bytes.length} bytes`],
      }),
    );
    machine.put('in/a.json', '[1]', 10);
    machine.put('in/b.txt', 'no', 10);
    await clock.advance(1000);
    expect(out).toEqual(['1000: in/a.json has 3 bytes']);
  });

  describe('when a file of a planned batch', () => {
    it('has gone, says so and can run again when it is back', async () => {
      const { clock, restart } = await failedOnce({});
      machine.remove('in/a');
      const second = await restart();
      await clock.advance(0);
      await expect(second.ssc.awaitTermination()).rejects.toMatchObject({
        code: 'SOURCE_FILE_GONE',
        params: { path: 'in/a' },
        where: { batchTime: 1000 },
      });
      machine.put('in/a', 'a', 500);
      const third = await restart();
      await clock.advance(0);
      expect(third.out).toEqual(['1000: a b']);
    });

    it('has gone, goes on without it where the program allows it', async () => {
      const { clock, restart } = await failedOnce({ failOnDataLoss: false });
      machine.remove('in/a');
      const { out } = await restart();
      await clock.advance(0);
      expect(out).toEqual(['1000: b']);
      expect(machine.warnings).toContainEqual(expect.stringMatching(/^\[SOURCE_FILE_GONE\] The file in\/a,/u));
    });

    it('was changed, reads what is there and says so', async () => {
      const { clock, restart } = await failedOnce({});
      machine.put('in/a', 'a\nmore', 800);
      const { out } = await restart();
      await clock.advance(0);
      expect(out).toEqual(['1000: a more b']);
      expect(machine.warnings).toContainEqual(expect.stringMatching(/^\[SOURCE_FILE_CHANGED\] The file in\/a /u));
    });
  });
});

describe('binaryRecordsStream', () => {
  it('cuts files into records of one length', async () => {
    const clock = new ManualClock();
    const { out } = await program(clock, (ssc) => ssc.binaryRecordsStream('in', 2).map((bytes) => bytes.join('-')));
    machine.put('in/a', new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]), 10);
    await clock.advance(1000);
    expect(out).toEqual(['1000: 1-2 3-4 5-6 7-8']);
  });

  it('refuses a file that ends within a record', async () => {
    const clock = new ManualClock();
    const { ssc } = await program(clock, (made) => made.binaryRecordsStream('in', 2));
    machine.put('in/a', new Uint8Array(5), 10);
    await clock.advance(1000);
    await expect(ssc.awaitTermination()).rejects.toMatchObject({
      code: 'SOURCE_FILE_RECORD_LENGTH',
      params: { path: 'in/a', size: 5, length: 2, rest: 1 },
    });
  });
});

it.each<[what: string, build: (ssc: StreamingContext) => unknown]>([
  ['a record length of 0', (ssc) => ssc.binaryRecordsStream('in', 0)],
  ['an empty folder name', (ssc) => ssc.textFileStream('')],
])('%s is refused when the stream is built', (_, build) => {
  const ssc = new StreamingContext({ appName: 'a', batchInterval: 1000 });
  expect(() => build(ssc)).toThrow('[CONFIG_VALUE]');
});
