import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { cacheDir } from './cache-dir.mjs';

const pom = fileURLToPath(new URL('pom.xml', import.meta.url));

/**
 * The folder with Apache Kafka's jars (node, clients, console tools). Fetched by Maven at the first call, then kept in the cache.
 *
 * The folder appears under its name only when it is complete, so a fetch that was cut off is fetched again.
 */
export function kafkaLibs() {
  const version = /<kafka\.version>([^<]+)</u.exec(readFileSync(pom, 'utf8'))[1];
  const libs = cacheDir(`kafka-${version}`, 'libs');
  if (existsSync(libs)) return libs;
  const partial = `${libs}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    execFileSync(
      'mvn',
      ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${partial}`],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    if (!existsSync(libs)) renameSync(partial, libs);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return libs;
}
