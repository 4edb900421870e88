import type { ErrorEntry } from '../error-entry.ts';

export const monitorErrors = {
  MONITOR_PORT: {
    message: 'The page cannot listen on {address}, port {port}: {reason}.',
    remedy: 'Name another port, --ui 4041, or 0 for a free one.',
    exit: 2,
  },
  MONITOR_HOST: {
    message: 'A request for the host {host} is refused: this is no name of the page.',
    remedy: 'Open the address that was printed at the start, in digits or as localhost.',
  },
  MONITOR_METHOD: {
    message: '{method} is refused: the page is read only.',
    remedy:
      'Use GET. Only the live page takes a POST, below /api/v1/actions, with the token that was printed at the start.',
  },
  MONITOR_TOKEN: {
    message: 'The action {action} is refused: the token is missing or wrong.',
    remedy:
      'Send the token that was printed at the start as Authorization: Bearer TOKEN, or open the page by the address printed there.',
  },
  MONITOR_PARAMETER: {
    message: 'The parameter {name} cannot be {value}.',
    remedy: 'Use {expected}.',
  },
  MONITOR_NOT_FOUND: {
    message: 'There is no {what}.',
    remedy: '{hint}',
  },
  MONITOR_PAGES: {
    message: 'There are {pages} live pages open already.',
    remedy: 'Close one of them. /api/v1 and /metrics go on answering.',
    retriable: true,
  },
  MONITOR_STATE_SIZE: {
    message: 'The table {table} of {operator} has {rows} rows: too many to be read while the program runs.',
    remedy: 'Read it from outside: millrace state DIR ls --operator {operator}.',
  },
} as const satisfies Record<string, ErrorEntry>;
