// A program that uses a store, for specs that need a process of its own: node store-process.mjs COMMAND DIRECTORY [COUNT]
// STATE_STORE names the kind of store; rows are written early, a few at a time.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { armFaultFromEnvironment, openCheckpoint, openReadOnly, passFaultPoint } from '../../dist/internals.js';

const [command, directory, count = '0'] = process.argv.slice(2);
const keys = 300;
const options = {
  appName: 'spec',
  retainVersions: 5,
  minFreeBytes: 1 << 20,
  compaction: { dueBytes: 4000, dueDeltas: 20, segmentBytes: 1500, stepBytes: 3000 },
  ...(process.env.STATE_STORE === undefined ? {} : { stateStore: process.env.STATE_STORE }),
  rowLimits: { cacheBytes: 20_000, changedKeys: 40, step: 1 },
  warn: (text) => say({ warning: text }),
};

function say(message) {
  writeSync(1, `${JSON.stringify(message)}\n`);
}

/** Every key holds how often it was touched: batch v touches the keys whose number divides evenly by v mod 7 + 1. */
function runBatch(store, padding) {
  const version = (store.lastCommitted?.version ?? 0) + 1;
  store.plan([{ batchTime: version * 1000, ranges: {} }]);
  const table = store.table('count', 'state');
  for (let key = 0; key < keys; key++) {
    if (key % ((version % 7) + 1) === 0) table.update(`key-${key}`, (value) => [(value?.[0] ?? 0) + 1, padding]);
  }
  store.table('total', 'state').put('batches', version);
  passFaultPoint('before-commit');
  store.commit({ version, batchTime: version * 1000, offsets: { input: { p0: version } }, meta: {}, records: 1 });
  return version;
}

/** What is wrong with the state of a version; undefined when it is what `runBatch` makes. */
function faultOf(view, version) {
  const table = view.tableAt(version, 'count', 'state');
  const touched = Array.from({ length: keys }, () => 0);
  for (let v = 1; v <= version; v++) for (let key = 0; key < keys; key += (v % 7) + 1) touched[key]++;
  const expected = touched.filter((times) => times > 0).length;
  if (table.size !== expected) return `version ${version} has ${table.size} keys in place of ${expected}`;
  for (const [key, [times]] of table.entries()) {
    if (touched[Number(key.slice(4))] !== times) return `version ${version}: ${key} was counted ${times} times`;
  }
  const batches = view.tableAt(version, 'total', 'state').get('batches');
  return batches === (version === 0 ? undefined : version) ? undefined : `version ${version} says ${batches}`;
}

function check(view) {
  const versions = view.versions.map(({ version }) => version);
  const fault = versions.map((version) => faultOf(view, version)).find((found) => found !== undefined);
  return { versions, version: versions.at(-1) ?? 0, pending: view.pendingPlans.length, fault };
}

const damages = {
  zeroed: (page) => page.fill(0),
  garbage: (page) => page.forEach((_, i) => (page[i] = (i * 31 + 7) & 255)),
  flipped: (page) => {
    for (const at of [30, 600, 2000, 4090]) page[at] ^= 0x41;
  },
};

async function outcomeOf(copy) {
  let store;
  try {
    store = await openCheckpoint(copy, options);
    return check(store).fault ?? 'right';
  } catch (error) {
    return error.code ?? error.message;
  } finally {
    await store?.close();
  }
}

const commands = {
  /** Opens, checks every version, closes. */
  async check() {
    const store = await openCheckpoint(directory, options);
    say({ checked: check(store) });
    await store.close();
  },
  async view() {
    const view = openReadOnly(directory);
    for (let i = 0; i < Number(count); i++) {
      try {
        const checked = view.read((moment) =>
          check({
            versions: moment.versions.map(({ record }) => record),
            pendingPlans: moment.pendingPlans,
            tableAt: (version, operator, name) => moment.tableAt(version, { operator, name, partition: 0 }),
          }),
        );
        say({ checked });
      } catch (error) {
        // The writer went on between two calls.
        if (error.code !== 'STATE_VERSION_NOT_RETAINED') throw error;
      }
    }
    await view.close();
  },
  /** Damages every page of a copy in turn, in several ways, and says what opening it gives. */
  async damage() {
    const good = readFileSync(`${directory}/data.mdb`);
    const copy = `${directory}-copy`;
    const outcomes = {};
    for (const [how, damage] of Object.entries(damages)) {
      for (let page = 2; page * 4096 < good.length; page++) {
        const bytes = Buffer.from(good);
        damage(bytes.subarray(page * 4096, (page + 1) * 4096));
        rmSync(copy, { recursive: true, force: true });
        mkdirSync(copy);
        copyFileSync(`${directory}/manifest.json`, `${copy}/manifest.json`);
        writeFileSync(`${copy}/data.mdb`, bytes);
        const outcome = `${how}: ${await outcomeOf(copy)}`;
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      }
    }
    rmSync(copy, { recursive: true, force: true });
    say({ outcomes });
  },
  /** Holds the store open until it is told to end. */
  async hold() {
    const store = await openCheckpoint(directory, options);
    say({ ready: process.pid });
    process.stdin.resume();
    await new Promise((resolve) => process.stdin.once('end', resolve));
    await store.close();
  },
  /** Runs batches, saying each version once it is durable. */
  async run() {
    armFaultFromEnvironment();
    const store = await openCheckpoint(directory, options);
    say({ recovered: store.lastCommitted?.version ?? 0, pending: store.pendingPlans.length });
    for (let i = 0; i < Number(count); i++) {
      say({ version: runBatch(store, 'x'.repeat(20)) });
      store.maintain();
    }
    await store.close();
  },
  /** Fills the disk with batches; says how it ends, makes room by removing `ballast`, and goes on. */
  async fill() {
    const store = await openCheckpoint(directory, options);
    for (;;) {
      try {
        store.table('filler', 'state').put(store.lastCommitted?.version ?? 0, 'f'.repeat(400_000));
        runBatch(store, '');
      } catch (error) {
        say({
          code: error.code,
          exitCode: error.exitCode,
          message: error.message,
          version: store.lastCommitted?.version,
        });
        break;
      }
    }
    store.discard();
    say({ full: check(store) });
    rmSync(`${directory}/../ballast`);
    for (let i = 0; i < 3; i++) {
      runBatch(store, '');
      store.maintain();
    }
    say({ after: check(store) });
    await store.close();
  },
};

try {
  await commands[command]();
} catch (error) {
  say({ code: error.code ?? 'no code', exitCode: error.exitCode, message: error.message });
  process.exitCode = error.exitCode ?? 70;
}
