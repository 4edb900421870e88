import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, MillraceError, raise } from '../../kernel/errors.ts';
import { ProcessLock } from '../../node/process-lock.ts';
import { fileSegments } from '../log/file-segment.ts';
import { MetadataLog } from './metadata-log.ts';
import type { Storage } from './storage.ts';

const format = 1;

/**
 * Keeps a broker in a directory:
 *
 *     format                         the version of this layout
 *     process.lock                   the process that uses it
 *     metadata.log                   topics, offsets, producer ids, transactions
 *     topics/NAME-ID/PARTITION/      segments of records
 *
 * Raises BROKER_DIR where the directory cannot be used, BROKER_DIR_LOCKED, _FORMAT and _DAMAGED.
 */
export async function directoryStorage(dir: string, log: (line: string) => void): Promise<Storage> {
  try {
    mkdirSync(join(dir, 'topics'), { recursive: true });
    const lock = await lockBroker(dir);
    try {
      return openStorage(dir, lock, log);
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    return raise('BROKER_DIR', { dir, reason: messageOf(error) }, { cause: error });
  }
}

async function lockBroker(dir: string): Promise<ProcessLock> {
  return await ProcessLock.acquire(dir, {
    refuse: ({ pid, host }) => raise('BROKER_DIR_LOCKED', { dir, pid, host }),
  });
}

function openStorage(dir: string, lock: ProcessLock, log: (line: string) => void): Storage {
  checkFormat(dir);
  const metadata = new MetadataLog(join(dir, 'metadata.log'));
  const folders = new Set<string>();
  for (const [[, name], value] of metadata.entries('topic')) {
    folders.add(folderOf(String(name), (value as { readonly id: string }).id));
  }
  // A topic that was being deleted when its broker ended.
  for (const folder of readdirSync(join(dir, 'topics'))) {
    if (!folders.has(folder)) rmSync(join(dir, 'topics', folder), { recursive: true, force: true });
  }
  return {
    metadata,
    segmentsOf: (topic, topicId, partition) =>
      fileSegments(join(dir, 'topics', folderOf(topic, topicId), String(partition)), log),
    close() {
      metadata.close();
      lock.release();
    },
  };
}

function checkFormat(dir: string): void {
  const path = join(dir, 'format');
  let found: string | undefined;
  try {
    found = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (found === undefined) writeFileSync(path, `${format}\n`);
  else if (found !== String(format)) raise('BROKER_DIR_FORMAT', { dir, found, known: format });
}

/** The id keeps apart what a file system that ignores case would not, and a topic from one of the same name before it. */
function folderOf(topic: string, topicId: string): string {
  return `${topic.slice(0, 200)}-${topicId}`;
}
