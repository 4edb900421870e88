/** What `/api/v1` answers; its error text where it refuses. */
export async function getJson<T>(path: string): Promise<T> {
  return await answered<T>(await fetch(path, { credentials: 'omit' }));
}

/** Asks the program to act; gives what it says to that. Who was not given the token cannot. */
export async function act(name: string, to?: string | number): Promise<string | undefined> {
  const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`;
  const headers = { authorization: `Bearer ${token() ?? ''}` };
  const response = await fetch(`/api/v1/actions/${name}${query}`, { method: 'POST', headers, credentials: 'omit' });
  const { said } = await answered<{ readonly said?: string }>(response);
  return said;
}

const tokenName = 'millrace-token';

/** The token that the address brought, for as long as this page is open. */
export function token(): string | undefined {
  return sessionStorage.getItem(tokenName) ?? undefined;
}

/** Takes the token out of the address, so that it is not there to be copied or shown. */
export function takeToken(): void {
  const [, given] = /^#token=(.+)$/u.exec(location.hash) ?? [];
  if (given === undefined) return;
  sessionStorage.setItem(tokenName, given);
  history.replaceState(null, '', location.pathname);
}

async function answered<T>(response: Response): Promise<T> {
  const body = (await response.json()) as T & { readonly error?: { readonly message: string } };
  if (!response.ok) throw new Refused(body.error?.message ?? response.statusText);
  return body;
}

class Refused extends Error {}
