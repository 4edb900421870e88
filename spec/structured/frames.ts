import { installHost } from '../../lib/io/host.ts';
import { ManualClock } from '../../lib/kernel/manual-clock.ts';
import { nodeHost } from '../../lib/node/host.ts';
import { planLines } from '../../lib/structured/analyzer/plan-lines.ts';
import type { DataFrame } from '../../lib/structured/data-frame.ts';
import { optimize } from '../../lib/structured/optimizer/optimize.ts';
import { Session } from '../../lib/structured/session.ts';
import { parseSchema } from '../../lib/structured/types/ddl.ts';

/** A session of its own for each test: UTC, a clock that stands still, and what the test sets besides. */
export function newSession(config: Readonly<Record<string, string | boolean>> = {}): Session {
  return new Session({ clock: new ManualClock(), config: { 'spark.sql.session.timeZone': 'UTC', ...config } });
}

/** A stream that has columns and no source: for what happens before a query starts. */
export function streamOf(spark: Session, ddl: string): DataFrame {
  return spark.state.frame({
    kind: 'read',
    isStreaming: true,
    format: 'memory',
    options: {},
    schema: parseSchema(ddl),
  });
}

/** The optimized plan as text, with the ids of columns counted from 1, so that it does not depend on what ran before. */
export function planText(frame: DataFrame): string {
  const { conf } = frame.sessionState;
  return withSmallIds(planLines(optimize(frame.resolvedPlan, { ansi: conf.isAnsi, timeZone: conf.timeZone })));
}

export function withSmallIds(text: string): string {
  const ids = new Map<string, number>();
  return text.replaceAll(/#(\d+)/gu, (_, id: string) => {
    if (!ids.has(id)) ids.set(id, ids.size + 1);
    return `#${ids.get(id) ?? 0}`;
  });
}

/** What is written to standard output while `run` runs. */
export async function printed(run: () => Promise<void>): Promise<string> {
  let text = '';
  installHost({
    ...nodeHost,
    write: async (part) => {
      text += part;
      await Promise.resolve();
    },
  });
  try {
    await run();
  } finally {
    installHost(nodeHost);
  }
  return text;
}
