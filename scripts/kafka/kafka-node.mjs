import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Kafka, logLevel } from 'kafkajs';

import { kafkaLibs } from './fetch-kafka.mjs';

const readyWithinMs = 60_000;
const stopWithinMs = 20_000;

/**
 * Starts a KRaft node of Apache Kafka on 127.0.0.1 and waits until it answers.
 *
 * Ports are free ones unless `port` is given. Without `dir` the data lies in a temporary folder that `stop` removes; with `dir` it
 * stays and a second start continues on it. `config` adds lines to the node's properties. `stop` may be called twice; `kill` ends
 * the process at once, `restart` starts it again on the same port and data.
 */
export async function startKafka({ dir, port, config = {}, heap = '512m' } = {}) {
  const libs = kafkaLibs();
  const home = dir ?? mkdtempSync(path.join(os.tmpdir(), 'millrace-kafka-'));
  mkdirSync(home, { recursive: true });
  const clientPort = port ?? (await freePort());
  const properties = path.join(home, 'server.properties');
  const settings = { ...nodeConfig(home, clientPort, await freePort()), ...config };
  writeFileSync(
    properties,
    Object.entries(settings)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  const classpath = `${libs}/*`;
  if (!existsSync(path.join(home, 'data', 'meta.properties'))) format(classpath, properties, home);

  const bootstrap = `127.0.0.1:${clientPort}`;
  const logFile = path.join(home, 'node.log');
  let child;
  const launch = async () => {
    const log = openSync(logFile, 'a');
    child = spawn('java', [...jvmOptions(heap), '-cp', classpath, 'kafka.Kafka', properties], {
      stdio: ['ignore', log, log],
    });
    await untilReady(bootstrap, child, logFile);
  };
  const end = async (signal) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    const forced = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    await exited;
    clearTimeout(forced);
  };
  const stop = async () => {
    await end('SIGTERM');
    if (dir === undefined) rmSync(home, { recursive: true, force: true });
  };
  try {
    await launch();
  } catch (error) {
    child?.kill('SIGKILL');
    throw error;
  }
  return { bootstrap, libs, home, stop, kill: () => end('SIGKILL'), restart: launch };
}

function nodeConfig(home, port, controllerPort) {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': path.join(home, 'data'),
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 3,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 3,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    'transaction.abort.timed.out.transaction.cleanup.interval.ms': 1000,
    'log.retention.check.interval.ms': 1000,
    'log.initial.task.delay.ms': 1000,
  };
}

function jvmOptions(heap) {
  return [
    `-Xms${heap}`,
    `-Xmx${heap}`,
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=4',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  ];
}

function format(classpath, properties, home) {
  const id = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
  // An id that begins with a dash would be read as an option.
  const clusterId = id.replace(/^-/u, 'a');
  try {
    execFileSync('java', ['-cp', classpath, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties], {
      stdio: 'pipe',
    });
  } catch (error) {
    throw new Error(`Kafka's storage in ${home} could not be formatted: ${error.stderr}`, { cause: error });
  }
}

async function untilReady(bootstrap, child, logFile) {
  const deadline = Date.now() + readyWithinMs;
  const [host, port] = bootstrap.split(':');
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Kafka ended with ${child.exitCode}:\n${tail(logFile)}`);
    if (Date.now() > deadline) throw new Error(`Kafka was not ready after ${readyWithinMs} ms:\n${tail(logFile)}`);
    if ((await accepts(host, Number(port))) && (await answers(bootstrap))) return;
    await sleep(100);
  }
}

function accepts(host, port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, host);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Up, registered with its own controller, and able to answer for the cluster. */
async function answers(bootstrap) {
  const admin = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    return brokers.length > 0;
  } catch {
    return false;
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function tail(file) {
  return readFileSync(file, 'utf8').split('\n').slice(-40).join('\n');
}
