import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { request } from 'node:http';
import { join } from 'node:path';
import type { LessonIntroduction, LessonList, LessonRun, LessonSolution } from '../../../lib/learn/lesson-answers.ts';
import { findPair } from '../../../lib/compare/pairs/find-pair.ts';
import { lessons } from '../../../lib/learn/lessons/index.ts';
import type { LocalServer } from '../../../lib/monitor/local-server.ts';

// The first run loads both engines.
jest.setTimeout(60_000);

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

let server: LocalServer;

async function ask(path: string, { method = 'GET', headers = {} } = {}): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: server.port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

async function json<T>(path: string): Promise<T> {
  const { status, body } = await ask(path);
  expect({ path, status }).toEqual({ path, status: 200 });
  return JSON.parse(body) as T;
}

beforeAll(async () => {
  // The built package: what a lesson imports and what runs it must be the same engines.
  const built = join(process.cwd(), 'dist');
  await import(join(built, 'index.js'));
  const { startLessonServer } = (await import(
    join(built, 'internals.js')
  )) as typeof import('../../../lib/internals.ts');
  server = await startLessonServer({
    address: '127.0.0.1',
    port: 0,
    assetsFolder: join(built, 'monitor', 'assets'),
  });
});

afterAll(async () => {
  await server.close();
});

describe('the page of lessons', () => {
  it('lists every lesson in one group', async () => {
    const { groups } = await json<LessonList>('/api/lessons');
    expect(groups.flatMap((group) => group.lessons.map(({ name }) => name))).toEqual(lessons.map(({ name }) => name));
  });

  it('shows a lesson without what answers its question', async () => {
    const { body } = await ask('/api/lessons/watermarks');
    const { source, choices, question } = JSON.parse(body) as LessonIntroduction;
    expect(source).toContain(".withWatermark('at', '5 seconds')");
    expect(choices.map(({ text }) => text)).toEqual(['Yes: 12:00:14 is past its end', 'No: the watermark is 12:00:09']);
    expect(question).toContain('delay of 5 seconds');
    for (const told of ['batch 5', 'The window closes', 'right']) expect(body).not.toContain(told);
  });

  it('runs the program, says what is right, and sets the task', async () => {
    const run = await json<LessonRun>('/api/lessons/watermarks/run');
    expect(run.lines.at(-1)).toBe('batch 5: nothing');
    expect(run.right).toBe(1);
    expect(run.commands[1]).toBe('millrace learn watermarks --check watermarks.ts');
  });

  it('shows a solution with what it prints', async () => {
    const { source, lines } = await json<LessonSolution>('/api/lessons/watermarks/solution');
    expect(source).toContain(".withWatermark('at', '0 seconds')");
    expect(lines.at(-1)).toBe('batch 5: 12:00:00-12:00:10 2');
  });

  it('gives each of many runs at once the lines that it has alone', async () => {
    const paths = ['batch-intervals/run', 'pitfall-slow-batches/run', 'batch-intervals/solution', 'exercise-1/run'];
    const alone: unknown[] = [];
    for (const path of paths) alone.push(await json(`/api/lessons/${path}`));
    const together = await Promise.all(paths.map(async (path) => await json(`/api/lessons/${path}`)));
    expect(together).toEqual(alone);
  });
});

describe('the comparison page beside the lessons', () => {
  it('is the file that compare --html writes, may run what is in it and reach nothing', async () => {
    const { status, headers, body } = await ask('/compare');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    const [, start = ''] = /id="start">([^<]+)</u.exec(body) ?? [];
    expect(JSON.parse(start)).toMatchObject({ pair: 'tumbling', settings: { windowMs: 20_000 } });
    expect((await ask('/compare', { headers: { host: 'evil.example' } })).status).toBe(421);
  });

  it('begins with the pair that the address names', async () => {
    const { body } = await ask('/compare?pair=session');
    const [, start = ''] = /id="start">([^<]+)</u.exec(body) ?? [];
    expect(JSON.parse(start)).toMatchObject({ pair: 'session', settings: { windowMs: 6000, mode: 'append' } });
  });

  it('is there for every pair that a lesson names', () => {
    const named = lessons.flatMap(({ compares }) => compares ?? []);
    expect(named.map((name) => findPair(name).name)).toEqual(named);
    expect(named).toContain('sliding');
  });
});

describe('what the page of lessons refuses', () => {
  it.each([
    ['/compare?pair=nope', 404, 'COMPARE_PAIR_UNKNOWN'],
    ['/api/lessons/nope', 404, 'LEARN_UNKNOWN_LESSON'],
    ['/api/lessons/', 404, 'LEARN_UNKNOWN_LESSON'],
    ['/api/lessons/..%2f..%2fpackage', 404, 'LEARN_UNKNOWN_LESSON'],
    ['/api/lessons/watermarks/zap', 404, 'MONITOR_NOT_FOUND'],
    ['/api/lessons/watermarks/run/more', 404, 'MONITOR_NOT_FOUND'],
    ['/nowhere', 404, 'MONITOR_NOT_FOUND'],
  ])('%s', async (path, status, code) => {
    const answer = await ask(path);
    expect({ status: answer.status, body: answer.body }).toEqual({ status, body: expect.stringContaining(code) });
  });

  it('names that are not its own, and runs nothing for them', async () => {
    const { status, body } = await ask('/api/lessons/watermarks/run', { headers: { host: 'evil.example' } });
    expect(status).toBe(421);
    expect(body).toContain('MONITOR_HOST');
    expect(body).not.toContain('batch 5');
  });

  it('whatever is not only read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await ask('/api/lessons/watermarks/run', { method })).status).toBe(405);
  });

  it('scripts that are not its own', async () => {
    const { headers, body } = await ask('/');
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(body).not.toMatch(/<script>|<style|\son\w+=|\sstyle=/u);
    for (const [, asset = ''] of body.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/gu))
      expect({ asset, status: (await ask(asset)).status }).toEqual({ asset, status: 200 });
  });
});
