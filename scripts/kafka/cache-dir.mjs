import os from 'node:os';
import path from 'node:path';

/** A folder for what is fetched or measured once and kept outside the tree; the system's cache folder decides where. */
export function cacheDir(...parts) {
  const base = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  return path.join(base, 'millrace', ...parts);
}
