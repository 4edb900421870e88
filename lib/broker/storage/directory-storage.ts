import { raise } from '../../kernel/errors.ts';
import type { Storage } from './storage.ts';

export function directoryStorage(dir: string, _log: (line: string) => void): Storage {
  return raise('BROKER_DIR', { dir, reason: 'not yet' });
}
