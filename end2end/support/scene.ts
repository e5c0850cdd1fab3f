// A ticket that an agent and its customer have open while others write and change it, each behind a line that can be cut. In the
// end everything has to have arrived without a reload: all of it, once, in order, and at the customer's nothing that is not theirs.
import type { Browser, BrowserContext, Locator, Page } from '@playwright/test';
import { AgentApi, session } from './api';
import type { Account, Desk } from './desk';
import { Line } from './line';
import { expect, hydrated, watch } from './test';

let scenes = 0;

export class Scene {
  private readonly replies: string[] = [];
  private readonly notes: string[] = [];
  private readonly written: string[] = [];
  /** When the answer to each was there: it is committed since before that. */
  private readonly acknowledged = new Map<string, number>();
  private readonly arrivals: string[] = [];
  private arrived = 0;
  /** The title as it was changed last. */
  title: string;
  private stars = 0;
  private constructor(
    /** Who writes and changes: an agent without a browser. */
    private writer: AgentApi,
    private readonly number: number,
    private readonly name: string,
    readonly agent: Viewer,
    readonly customer: Viewer,
  ) {
    this.title = name;
  }

  /** Opens the pages; agent, customer and the writer may be at different servers of one database. */
  static async open(browser: Browser, desk: Desk, at: { agent?: Desk; customer?: Desk; writer?: Desk } = {}): Promise<Scene> {
    scenes += 1;
    const [owner, colleague, customer] = desk.accounts;
    const writer = await AgentApi.signIn(at.writer ?? desk, colleague);
    const name = `Scene ${process.pid}-${scenes}`;
    const requester = await idOf(writer, customer);
    const { row } = await writer.call<{ row: { number: number } }>('items/create', { item: { title: name, requester } });
    const [left, right] = await Promise.all([
      Viewer.open(browser, at.agent ?? desk, 'agent', owner, `/desk/tickets/${row.number}?view=all`),
      Viewer.open(browser, at.customer ?? desk, 'portal', customer, `/p/support/tickets/${row.number}`),
    ]);
    await expect(left.page.getByRole('heading', { name })).toBeVisible();
    return new Scene(writer, row.number, name, left, right);
  }

  /** The two who look. */
  get viewers(): Viewer[] {
    return [this.agent, this.customer];
  }

  /** The writer is at another server from now on. */
  async writeAt(desk: Desk): Promise<void> {
    this.writer = await AgentApi.signIn(desk, desk.accounts[1]);
  }

  async reply(): Promise<void> {
    await this.write('reply', this.replies);
  }

  async note(): Promise<void> {
    await this.write('note', this.notes);
  }

  /** Another title, and another number of stars. */
  async change(): Promise<void> {
    this.stars = (this.stars % 5) + 1;
    this.title = `${this.name} ${'again '.repeat(this.stars)}`.trim();
    const { row } = await this.writer.call<{ row: { version: number } }>('items/get', { number: this.number });
    const changes = [{ field: 'title', value: this.title }, { field: 'priority', value: this.stars }];
    await this.writer.call('items/change', { number: this.number, version: row.version, changes });
  }

  /** Another ticket. */
  async arrive(): Promise<void> {
    this.arrived += 1;
    const title = `${this.name}, arrival ${this.arrived}.`;
    this.arrivals.push(title);
    await this.writer.call('items/create', { item: { title } });
  }

  /** Some of everything. */
  async happen(): Promise<void> {
    await this.reply();
    await this.note();
    await this.change();
    await this.arrive();
  }

  /** Waits until both see everything, and looks whether it came once, in order, and to whom it may. */
  async complete(timeout = 10_000): Promise<void> {
    await Promise.all([this.agentHasAll(timeout), this.customerHasAll(timeout)]);
    for (const viewer of this.viewers) expect(await viewer.twice(), 'shown twice').toEqual([]);
    for (const viewer of this.viewers) expect(await viewer.reloaded(), 'loaded anew').toBe(false);
    this.customerGotNoNote();
  }

  /** The agent asks for what is new to the list: each is there, once. */
  async takeNew(): Promise<void> {
    await this.fresh.click();
    for (const title of this.arrivals) await expect(this.agent.page.getByRole('grid').getByRole('link', { name: title, exact: true })).toHaveCount(1);
    this.arrivals.length = 0;
  }

  /** Goes to the list, without loading a page. */
  async leave(who: 'agent' | 'customer'): Promise<void> {
    const { page, thread } = this[who];
    await page.getByRole('link', { name: who === 'agent' ? 'Close' : 'My requests', exact: true }).first().click();
    await expect(thread).toBeHidden();
  }

  /** Opens the ticket from there. */
  async enter(who: 'agent' | 'customer'): Promise<void> {
    await this[who].page.getByRole('link', { name: this.title }).first().click();
  }

  /** Milliseconds from the answer to a message to its being seen, for each message and viewer. */
  async delays(): Promise<number[]> {
    const seen = await Promise.all(this.viewers.map((viewer) => viewer.seen()));
    return seen.flatMap((words) => words.map(([word, at]) => at - this.acknowledged.get(word)!));
  }

  async close(): Promise<void> {
    await Promise.all(this.viewers.map((viewer) => viewer.close()));
  }

  private async write(kind: 'reply' | 'note', all: string[]): Promise<void> {
    const text = `${kind}-${process.pid}-${scenes}-${all.length + 1};`;
    all.push(text);
    this.written.push(text);
    const message = { item: this.number, kind, html: `<p>${text}</p>`, idempotency_key: text };
    await this.writer.call('items/write', { message });
    this.acknowledged.set(text, Date.now());
  }

  private async agentHasAll(timeout: number): Promise<void> {
    const { page, thread } = this.agent;
    await expect.poll(() => words(thread), { timeout }).toEqual(this.written);
    await expect(page.getByRole('heading', { name: this.title, exact: true })).toBeVisible({ timeout });
    const grid = page.getByRole('grid');
    await expect(grid.getByRole('link', { name: this.title, exact: true })).toHaveCount(1, { timeout });
    if (this.arrivals.length > 0) await expect(this.fresh).toHaveText(new RegExp(`^${this.arrivals.length} new`), { timeout });
  }

  private get fresh(): Locator {
    return this.agent.page.getByRole('button', { name: /^\d+ new/ });
  }

  private async customerHasAll(timeout: number): Promise<void> {
    const { page, thread } = this.customer;
    await expect.poll(() => words(thread), { timeout }).toEqual(this.replies);
    if (this.stars > 0) await expect(page.getByRole('complementary').getByText(/^★+$/)).toHaveText('★'.repeat(this.stars), { timeout });
  }

  private customerGotNoNote(): void {
    const { received } = this.customer.line;
    // Who looks for bytes has to find those that are there.
    for (const reply of this.replies) expect(received).toContain(reply);
    for (const note of this.notes) expect(received).not.toContain(note);
  }
}

/** Somebody's browser with the ticket open, behind a line of its own. */
export class Viewer {
  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly line: Line,
    private readonly errors: string[],
    private readonly born: number,
  ) {}

  static async open(browser: Browser, desk: Desk, realm: 'agent' | 'portal', account: Account, path: string): Promise<Viewer> {
    const line = await Line.open(desk.url);
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
      timezoneId: 'Europe/Madrid',
      // What comes over the line shall be legible there.
      extraHTTPHeaders: { 'accept-encoding': 'identity' },
    });
    const [name, value] = (await session(desk, realm, account)).split('=');
    await context.addCookies([{ name, value, url: line.url }]);
    await context.addInitScript(watchWords);
    const errors = watch(context);
    const page = await context.newPage();
    // The screens that an agent's browser fetches ahead are there before anything is lost: this is not about them.
    const ahead = realm === 'agent' ? page.waitForResponse(/pack_people/) : undefined;
    await page.goto(line.url + path);
    await hydrated(page);
    await (await ahead)?.finished();
    return new Viewer(context, page, line, errors, await page.evaluate(() => performance.timeOrigin));
  }

  get thread(): Locator {
    return this.page.getByRole('region', { name: 'Conversation' });
  }

  /** What stood there more than once, if only for a moment. */
  async twice(): Promise<string[]> {
    return (await this.words()).twice;
  }

  /** What stands there, and when it was first seen. */
  async seen(): Promise<[string, number][]> {
    return Object.entries((await this.words()).first);
  }

  private words(): Promise<Words> {
    return this.page.evaluate(() => (window as unknown as { words: Words }).words);
  }

  async reloaded(): Promise<boolean> {
    return (await this.page.evaluate(() => performance.timeOrigin)) !== this.born;
  }

  async close(): Promise<void> {
    // Of a server that is away, Chromium says so; nothing else may go wrong.
    expect(this.errors.filter((error) => !error.includes('net::ERR_'))).toEqual([]);
    await this.context.close();
    await this.line.close();
  }
}

/** What was written, in the order in which it stands there. */
async function words(thread: Locator): Promise<string[]> {
  return (await thread.innerText()).match(/(reply|note)-\d+-\d+-\d+;/g) ?? [];
}

/** What a page has seen of what was written. */
interface Words {
  first: Record<string, number>;
  twice: string[];
}

/** Runs in the page: keeps when what was written is first seen, and what stands there more than once at any moment. */
function watchWords(): void {
  const words: Words = { first: {}, twice: [] };
  (window as unknown as { words: Words }).words = words;
  const look = () => {
    const thread = document.querySelector('[aria-label="Conversation"]');
    const found = (thread?.textContent ?? '').match(/(reply|note)-\d+-\d+-\d+;/g) ?? [];
    for (const word of found) {
      words.first[word] ??= Date.now();
      if (found.indexOf(word) !== found.lastIndexOf(word) && !words.twice.includes(word)) words.twice.push(word);
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
}

async function idOf(agent: AgentApi, account: Account): Promise<number> {
  const [found] = await agent.call<{ id: number }[]>('customers/suggest', { text: account.email });
  return found.id;
}
