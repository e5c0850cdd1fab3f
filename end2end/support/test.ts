// What every browser test begins with: a desk, and a page on which a console error is a failure.
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type BrowserContext, type Page, type Response } from '@playwright/test';
import { Desk } from './desk';

export { expect } from '@playwright/test';

interface Workers {
  /** A desk with demo data, shared by the tests of a worker. */
  demo: Desk;
  /** An empty desk, for the tests of a worker that tell one story. */
  fresh: Desk;
}

interface Options {
  /** Console errors that a test expects, as parts of their text. */
  expectedErrors: string[];
}

// Whether pages run their scripts here; one answer for a worker, because a worker belongs to one project.
let scripts = true;

export const test = base.extend<Options, Workers>({
  demo: [
    async ({}, use) => {
      const desk = await Desk.start({ demo: true });
      await use(desk);
      await desk.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  fresh: [
    async ({}, use) => {
      const desk = await Desk.start();
      await use(desk);
      await desk.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  expectedErrors: async ({}, use) => use([]),
  context: async ({ context, expectedErrors, javaScriptEnabled }, use) => {
    const errors = watch(context);
    scripts = javaScriptEnabled !== false;
    await use(context);
    expect(errors.filter((error) => !expectedErrors.some((expected) => error.includes(expected)))).toEqual([]);
  },
});

/** Collects what goes wrong in the console and the scripts of every page of a context. */
export function watch(context: BrowserContext): string[] {
  const errors: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error' || (message.type() === 'warning' && /hydrat/i.test(message.text()))) {
      errors.push(`${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => errors.push(error.error().stack ?? error.error().message));
  return errors;
}

/** The page has nothing that axe finds. Decided by WCAG 2.2 AA and the best practices beside it. */
export async function expectAccessible(page: Page, name = page.url()): Promise<void> {
  // axe is a script itself: of a page without scripts it looks at a copy, drawn by the same HTML and styles.
  const copy = scripts ? undefined : await copyOf(page);
  const result = await new AxeBuilder({ page: copy ?? page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  await copy?.context().close();
  const found = result.violations.map((violation) => ({
    rule: `${violation.id}: ${violation.help}`,
    where: violation.nodes.slice(0, 5).map((node) => `${node.html.slice(0, 200)} – ${node.failureSummary ?? ''}`),
  }));
  expect(found, `axe on ${name}`).toEqual([]);
}

async function copyOf(page: Page): Promise<Page> {
  const html = (await page.content()).replace(/<script\b[\s\S]*?<\/script>/gi, '');
  const context = await page.context().browser()!.newContext({ viewport: page.viewportSize(), javaScriptEnabled: true });
  const copy = await context.newPage();
  await copy.route(page.url(), (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }));
  await copy.goto(page.url());
  return copy;
}

/** Waits until the scripts have taken the page over; without scripts the page is ready as it is. */
export async function hydrated(page: Page): Promise<void> {
  await page.waitForLoadState('load');
  if (!scripts) return;
  await page.waitForFunction(() => document.documentElement.dataset.hydrated === 'true', undefined, { timeout: 15_000 });
}

/** Waits until nothing more has come for half a second. The network itself is never idle: the live updates are a stream. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const state = window as unknown as { seen?: number; since?: number };
    const come = performance.getEntriesByType('resource').length;
    if (state.seen !== come) {
      state.seen = come;
      state.since = performance.now();
      return false;
    }
    return performance.now() - (state.since ?? 0) > 500;
  });
}

/** Records every byte that a browser gets: `contains` says in which responses a text is. */
export class Recorder {
  private readonly bodies: Promise<{ url: string; body: string }>[] = [];

  constructor(context: BrowserContext) {
    context.on('response', (response) => this.bodies.push(read(response)));
    // A stream has no end that one could wait for: what comes through it is recorded piece by piece.
    const listen = async (page: Page) => {
      const session = await context.newCDPSession(page);
      session.on('Network.eventSourceMessageReceived', ({ data }) => this.bodies.push(Promise.resolve({ url: 'a live stream', body: data })));
      await session.send('Network.enable');
    };
    context.pages().forEach(listen);
    context.on('page', listen);
  }

  async contains(text: string): Promise<string[]> {
    const bodies = await Promise.all(this.bodies);
    return bodies.filter(({ body }) => body.includes(text)).map(({ url }) => url);
  }

  get count(): number {
    return this.bodies.length;
  }
}

async function read(response: Response): Promise<{ url: string; body: string }> {
  const headers: Record<string, string> = await response.allHeaders().catch(() => ({}));
  // Recorded as it comes, above.
  const endless = headers['content-type'] === 'text/event-stream';
  const body = endless ? Buffer.alloc(0) : await response.body().catch(() => Buffer.alloc(0));
  return { url: response.url(), body: `${JSON.stringify(headers)}\n${body.toString('utf8')}` };
}
