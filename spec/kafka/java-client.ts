import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { realKafka } from './real-kafka.ts';

/** Runs a Java program of Kafka's jars (a class name) or of a single source file beside this one, and gives what it printed. */
export async function runJava(program: string, args: readonly string[], input = ''): Promise<string> {
  const main = program.endsWith('.java') ? fileURLToPath(new URL(`java/${program}`, import.meta.url)) : program;
  const quiet = [
    '-Xmx256m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=off',
  ];
  return await runTool('java', [...quiet, '-cp', `${realKafka.libs}/*`, main, ...args], input);
}

/** Runs a command with `input` and gives what it printed; a status other than 0 is an error with all it said. */
export async function runTool(command: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let complaints = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  // A tool may end without reading what it is given.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`${command} ended with ${status}:\n${complaints}\n${output}`);
  return output;
}
