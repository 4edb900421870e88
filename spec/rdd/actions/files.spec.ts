import { beforeEach, describe, expect, it } from '@jest/globals';
import { type FileSystem, installHost } from '../../../lib/io/host.ts';
import { raise } from '../../../lib/kernel/errors.ts';
import { SparkContext } from '../../../lib/rdd/spark-context.ts';
import { partitioned, slow } from '../partitioned.ts';

let texts: Map<string, string>;

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield new TextEncoder().encode(text);
}

/** Files in memory: a folder is what stands before the last slash. */
const files: FileSystem = {
  existsSync: () => raise('INTERNAL_INVARIANT', { what: 'not used' }),
  namesSync: () => raise('INTERNAL_INVARIANT', { what: 'not used' }),
  readTextSync: () => raise('INTERNAL_INVARIANT', { what: 'not used' }),
  writeText: () => raise('INTERNAL_INVARIANT', { what: 'not used' }),
  move: () => raise('INTERNAL_INVARIANT', { what: 'not used' }),
  remove: () => raise('INTERNAL_INVARIANT', { what: 'not used' }),
  exists: async (path) => await Promise.resolve(texts.has(path)),
  readText: async (path) =>
    await Promise.resolve(texts.get(path) ?? raise('INTERNAL_INVARIANT', { what: `no ${path}` })),
  readBytes: () => raise('INTERNAL_INVARIANT', { what: 'not used' }),
  chunks: () => raise('INTERNAL_INVARIANT', { what: 'not used' }),
  unpackedChunks: (path) => bytesOf(texts.get(path) ?? raise('INTERNAL_INVARIANT', { what: `no ${path}` })),
  entry: () => raise('INTERNAL_INVARIANT', { what: 'not used' }),
  folders: () => raise('INTERNAL_INVARIANT', { what: 'not used' }),
  list: async (folder) => {
    const entries = [...texts.keys()]
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => ({ name: path.slice(folder.length + 1), sizeBytes: 1, modifiedMs: 0 }));
    return await Promise.resolve(entries.length > 0 ? entries : raise('INTERNAL_INVARIANT', { what: `no ${folder}` }));
  },
  writeFolder: async (folder, parts) => {
    for await (const [name, lines] of parts) {
      let text = '';
      for await (const line of lines) text += `${line}\n`;
      texts.set(`${folder}/${name}`, text);
    }
  },
};

describe('files', () => {
  beforeEach(() => {
    texts = new Map();
    installHost({
      write: async () => await Promise.resolve(),
      warn: () => undefined,
      connect: () => raise('INTERNAL_INVARIANT', { what: 'not used' }),
      files,
    });
  });

  it('saveAsTextFile writes a file for each partition, empty ones too', async () => {
    await slow([['a', 'b'], []])
      .map((x) => [x, 1])
      .saveAsTextFile('out');
    expect([...texts]).toEqual([
      ['out/part-00000', '(a,1)\n(b,1)\n'],
      ['out/part-00001', ''],
      ['out/_SUCCESS', ''],
    ]);
  });

  it('saveAsTextFile marks no success when a function fails', async () => {
    const rdd = partitioned([[1], [2]]).filter((x) => x < 2 || JSON.parse('{'));
    await expect(rdd.saveAsTextFile('out')).rejects.toMatchObject({ code: 'RDD_FUNCTION_FAILED' });
    expect(texts.has('out/_SUCCESS')).toBe(false);
  });

  it.each<[name: string, text: string, lines: string[]]>([
    ['ends with a line end', 'a\nb\n', ['a', 'b']],
    ['ends without one', 'a\nb', ['a', 'b']],
    ['has empty lines', '\na\n\n', ['', 'a', '']],
    ['has line ends of Windows and old ones', 'a\r\nb\rc', ['a', 'b', 'c']],
    ['is empty', '', []],
  ])('textFile reads a file that %s', async (_, text, lines) => {
    texts.set('in.txt', text);
    expect(await new SparkContext().textFile('in.txt').collect()).toEqual(lines);
  });

  it('textFile reads the data files of a folder in order of their names', async () => {
    await partitioned([['x'], ['y', 'z']]).saveAsTextFile('out');
    texts.set('out/.part-00000.crc', 'checksum');
    const rdd = new SparkContext().textFile('out', 3);
    expect([await rdd.collect(), rdd.getNumPartitions()]).toEqual([['x', 'y', 'z'], 3]);
  });

  it('textFile tells what is wrong with a path', async () => {
    await expect(new SparkContext().textFile('none').count()).rejects.toThrow('no none');
  });

  it('saveAsObjectFile gives back every value as it was', async () => {
    const values = [null, -0, Number.NaN, 2n, 'a\nb', [1, ['x']], { a: new Date(5) }, new Map([[1, new Set(['s'])]])];
    const sc = new SparkContext();
    await sc.parallelize([...values, 'long '.repeat(5000)], 3).saveAsObjectFile('objects');
    expect([...texts.keys()]).toEqual([
      'objects/part-00000',
      'objects/part-00001',
      'objects/part-00002',
      'objects/_SUCCESS',
    ]);
    expect(await sc.objectFile('objects').collect()).toEqual([...values, 'long '.repeat(5000)]);
  });

  it.each(['plain text', '1:***', '2:AAAA', ''])('objectFile refuses the line %j', async (line) => {
    texts.set('objects/part-00000', `${line}\n`);
    await expect(new SparkContext().objectFile('objects').collect()).rejects.toMatchObject({ code: 'RDD_OBJECT_LINE' });
  });

  it('saveAsObjectFile refuses what cannot be stored, by name', async () => {
    await expect(partitioned([[() => 1]]).saveAsObjectFile('out')).rejects.toMatchObject({
      code: 'STATE_VALUE_UNSUPPORTED',
    });
  });
});
