import type { FileSystem, Host } from '../../io/host.ts';
import { raise } from '../../kernel/errors.ts';

/** What a page has of a machine: nothing but somewhere to say warnings. */
export function browserHost(warn: (text: string) => void): Host {
  return {
    write: () => Promise.resolve(),
    warn,
    files: new Proxy({} as FileSystem, { get: () => notHere }),
    connect: notHere,
  };
}

function notHere(): never {
  return raise('NOT_YET', { feature: 'Files and sockets in a page', instead: 'Run it with millrace.' });
}
