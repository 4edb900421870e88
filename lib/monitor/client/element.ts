type Child = Node | string | number | undefined | false;
type Value = string | number | boolean | undefined | ((event: Event) => void);

/**
 * Makes an element. Texts become text nodes and nothing else, so what a key or a topic is called is never markup. A name that begins
 * with `on` is an event.
 */
export function el(
  name: string,
  values: Readonly<Record<string, Value>> = {},
  ...children: readonly Child[]
): HTMLElement {
  return fill(document.createElement(name), values, children);
}

/** The same for drawings. */
export function svg(
  name: string,
  values: Readonly<Record<string, Value>> = {},
  ...children: readonly Child[]
): SVGElement {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), values, children);
}

function fill<E extends Element>(element: E, values: Readonly<Record<string, Value>>, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'function') handlersOf(element).set(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  for (const type of handlersOf(element).keys()) element.addEventListener(type, dispatch);
  for (const child of children)
    if (child !== undefined && child !== false) element.append(child instanceof Node ? child : String(child));
  return element;
}

const handlers = new WeakMap<Element, Map<string, (event: Event) => void>>();

function handlersOf(element: Element): Map<string, (event: Event) => void> {
  const known = handlers.get(element) ?? new Map<string, (event: Event) => void>();
  handlers.set(element, known);
  return known;
}

function dispatch(this: Element, event: Event): void {
  handlersOf(this).get(event.type)?.(event);
}

/**
 * Makes `target` look like `next` and changes only what differs: the focus, a selection and the place of a scroll bar stay where the
 * reader put them. What a `data-keep` element holds is left as it is.
 */
export function morph(target: Element, next: Element): void {
  for (const name of target.getAttributeNames()) if (!next.hasAttribute(name)) target.removeAttribute(name);
  for (const { name, value } of next.attributes)
    if (target.getAttribute(name) !== value) target.setAttribute(name, value);
  adopt(target, next);
  if (next.hasAttribute('data-keep')) return;
  // An option that was chosen by hand goes by that and not by its attribute any more, and its place may be that of another one now.
  const chosen = next instanceof HTMLSelectElement ? next.selectedIndex : undefined;
  const [old, fresh] = [[...target.childNodes], [...next.childNodes]];
  fresh.forEach((node, i) => {
    const current = old[i];
    if (current === undefined) target.append(node);
    else if (
      current instanceof Element &&
      node instanceof Element &&
      current.tagName === node.tagName &&
      current.id === node.id
    ) {
      morph(current, node);
    } else if (current instanceof Text && node instanceof Text) {
      if (current.data !== node.data) current.data = node.data;
    } else current.replaceWith(node);
  });
  for (const node of old.slice(fresh.length)) node.remove();
  if (chosen !== undefined && target instanceof HTMLSelectElement) target.selectedIndex = chosen;
}

function adopt(target: Element, next: Element): void {
  const [mine, theirs] = [handlersOf(target), handlersOf(next)];
  for (const type of mine.keys()) if (!theirs.has(type)) mine.delete(type);
  for (const [type, handler] of theirs) {
    if (!mine.has(type)) target.addEventListener(type, dispatch);
    mine.set(type, handler);
  }
}
