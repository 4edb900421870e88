/** The parts of a URI of Java: `[scheme:][//authority][path][?query][#fragment]`, or `scheme:opaque`. */
const uriPattern = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([^]*))?$/u;
/** An authority whose host is one: anything else is left whole. */
const serverPattern = /^(?:([^@]*)@)?(\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9.])?)?(?::\d*)?$/u;
const forbidden = /[\s<>"{}|\\^`]|%(?![0-9A-Fa-f]{2})/u;

/** A part of a URL as `parse_url` names it, null when it is not there; undefined for a text that is no URL. */
export function parseUrl(url: string, part: string, key?: string): string | null | undefined {
  const match = uriPattern.exec(url);
  if (match === null || forbidden.test(url)) return undefined;
  const [, scheme, authority, rest = '', query, reference] = match;
  const isOpaque = scheme !== undefined && authority === undefined && !rest.startsWith('/');
  if (isOpaque && rest === '') return undefined;
  const server = authority === undefined || authority === '' ? null : serverPattern.exec(authority);
  if (key !== undefined) {
    if (part !== 'QUERY' || query === undefined || isOpaque) return null;
    const pair = query.split('&').find((each) => each.startsWith(`${key}=`));
    return pair === undefined ? null : pair.slice(key.length + 1);
  }
  switch (part) {
    case 'PROTOCOL':
      return scheme ?? null;
    case 'AUTHORITY':
      return authority === '' ? null : (authority ?? null);
    case 'USERINFO':
      return server?.[1] ?? null;
    case 'HOST':
      return server?.[2] ?? null;
    case 'PATH':
      return isOpaque ? null : rest;
    case 'QUERY':
      return isOpaque ? null : (query ?? null);
    case 'FILE':
      if (isOpaque) return null;
      return query === undefined ? rest : `${rest}?${query}`;
    case 'REF':
      return reference ?? null;
    default:
      return null;
  }
}
