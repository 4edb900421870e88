// Jest gives each spec file an AsyncLocalStorage of its own and never disables it. On Node 20 every promise is told of every storage that is
// enabled in the process: the eightieth file of a worker paid for the 79 before. Those of earlier files are disabled before the next begins.
const { AsyncLocalStorage } = require('node:async_hooks');

const { prototype } = AsyncLocalStorage;
const used = Symbol.for('millrace.storagesOfSpecs');

if (prototype[used] === undefined) {
  const { run } = prototype;
  const storages = new Set();
  Object.defineProperty(prototype, used, { value: storages });
  prototype.run = function (...args) {
    storages.add(this);
    return Reflect.apply(run, this, args);
  };
} else {
  for (const storage of prototype[used]) storage.disable();
  prototype[used].clear();
}
