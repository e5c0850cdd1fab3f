// The agent's side without a browser, for tests whose story is the customer's: calls the same server functions.
import type { Account, Desk } from './desk';

/** Signs in without a page and gives back the session's cookie, as `name=value`. */
export async function session(desk: Desk, realm: 'agent' | 'portal', account: Account): Promise<string> {
  const form = { email: account.email, password: account.password, next: '', ...(realm === 'portal' ? { portal: 'support' } : {}) };
  const answer = await fetch(`${desk.url}/_fn/${realm}/sign_in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: desk.url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(Object.entries(form).map(([field, value]) => [`form[${field}]`, value])),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0];
  if (!cookie) throw new Error(`${account.email} cannot sign in: ${answer.status} ${await answer.text()}`);
  return cookie;
}

export class AgentApi {
  private constructor(
    private readonly url: string,
    private readonly cookie: string,
  ) {}

  static async signIn(desk: Desk, account: Account = desk.accounts[0]): Promise<AgentApi> {
    return new AgentApi(desk.url, await session(desk, 'agent', account));
  }

  /** Calls a server function, e.g. `items/get`. */
  async call<T>(name: string, input: unknown = {}): Promise<T> {
    const answer = await fetch(`${this.url}/_fn/${name}`, {
      method: 'POST',
      headers: { origin: this.url, cookie: this.cookie, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(input),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${name}: ${answer.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** The number of the ticket with this title. */
  async find(title: string): Promise<number> {
    const page = await this.call<{ rows: { number: number; title: string }[] }>('items/list', { query: { view: 'all', text: JSON.stringify(title) } });
    const row = page.rows.find((row) => row.title === title);
    if (!row) throw new Error(`There is no ticket “${title}”.`);
    return row.number;
  }
}
