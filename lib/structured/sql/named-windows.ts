import { raise } from '../../kernel/errors.ts';
import { mapParts } from '../expressions/expression-tree.ts';
import type { Expression, WindowSpecification } from '../expressions/expression.ts';
import type { Select } from './select-plan.ts';

/** A SELECT in which what the WINDOW clause says stands in place of the names of its windows. */
export function withWindows(select: Select, windows: ReadonlyMap<string, WindowSpecification>): Select {
  const replace = (e: Expression): Expression => {
    const mapped = mapParts(e, replace);
    return mapped.kind === 'over' ? { ...mapped, window: specificationOf(mapped.window, windows) } : mapped;
  };
  return {
    ...select,
    items: select.items.map(replace),
    order: select.order.map((item) => ({ ...item, child: replace(item.child) })),
    ...(select.having === undefined ? {} : { having: replace(select.having) }),
  };
}

function specificationOf(
  window: WindowSpecification,
  windows: ReadonlyMap<string, WindowSpecification>,
  steps = 0,
): WindowSpecification {
  if (window.name === undefined) return window;
  const found = windows.get(window.name.toLowerCase());
  // A window that is named after itself has no end.
  if (found === undefined || steps > windows.size)
    return raise('MISSING_WINDOW_SPECIFICATION', { windowName: window.name });
  return specificationOf(found, windows, steps + 1);
}
