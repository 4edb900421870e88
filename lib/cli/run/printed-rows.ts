import type { Printer } from '../../streaming/outputs/print.ts';
import type { Terminal } from '../output/terminal.ts';

const bannerLines = 3;

/** What `print` prints, as one `rows` event for each batch: the lines below the banner, and whether there are more than were printed. */
export function asEvents(terminal: Terminal): Printer {
  return (text, { time, operation, isCatchUp }) => {
    const lines = text.trimEnd().split('\n').slice(bannerLines);
    const hasMore = lines.at(-1) === '...';
    terminal.event('rows', { time, operation, isCatchUp, rows: hasMore ? lines.slice(0, -1) : lines, hasMore });
  };
}
