// Every screen on demo data: desktop light and dark, phone. `make screenshots` writes docs/screenshots/*.png.
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { AgentApi } from './support/api';
import { Desk } from './support/desk';
import { signIn } from './support/sign-in';
import { hydrated, settled, test } from './support/test';
import { phone } from './playwright.config';

const folder = resolve(__dirname, '../docs/screenshots');

const looks = {
  light: { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  phone: { ...phone, colorScheme: 'light' },
} as const;

interface Screen {
  name: string;
  path: string;
  /** What to do before the picture. */
  first?: (page: Page) => Promise<void>;
}

/** Takes a list of screens in all looks, in a browser that `enter` has let in. */
async function take(browser: Browser, desk: Desk, screens: Screen[], enter: (page: Page) => Promise<void>): Promise<void> {
  for (const [look, options] of Object.entries(looks)) {
    const context: BrowserContext = await browser.newContext({ ...options, locale: 'en-GB', timezoneId: 'Europe/Madrid', reducedMotion: 'reduce' });
    const page = await context.newPage();
    await enter(page);
    for (const screen of screens) {
      await page.goto(desk.url + screen.path);
      await hydrated(page);
      await screen.first?.(page);
      await settled(page);
      await page.screenshot({ path: resolve(folder, `${screen.name}-${look}.png`), animations: 'disabled', caret: 'hide' });
    }
    await context.close();
  }
}

test('the agent application', async ({ browser }) => {
  const desk = await Desk.start({ demo: true });
  const account = desk.accounts[0];
  const agent = await AgentApi.signIn(desk, account);
  const { rows } = await agent.call<{ rows: { number: number; requester?: { id: number }; organization?: { id: number } }[] }>('items/list', {
    query: { view: 'open', limit: 200 },
  });
  // The richest conversations of the newest tickets.
  const rich: { number: number; length: number; customer: number; organization: number }[] = [];
  for (const row of rows.slice(0, 60)) {
    if (!row.organization || !row.requester) continue;
    const item = await agent.call<{ messages: { html: string }[] }>('items/get', { number: row.number });
    rich.push({ number: row.number, length: item.messages.length, customer: row.requester.id, organization: row.organization.id });
  }
  rich.sort((a, b) => b.length - a.length);
  const best = rich[0];
  await take(
    browser,
    desk,
    [
      { name: 'tickets', path: '/desk/tickets?view=open' },
      { name: 'ticket', path: `/desk/tickets/${best.number}?view=open` },
      { name: 'ticket-new', path: '/desk/tickets/new' },
      { name: 'customers', path: '/desk/customers' },
      { name: 'customer', path: `/desk/customers/${best.customer}` },
      { name: 'organizations', path: '/desk/organizations' },
      { name: 'organization', path: `/desk/organizations/${best.organization}` },
      { name: 'import', path: '/desk/import' },
      { name: 'profile', path: '/desk/profile' },
      { name: 'admin-agents', path: '/desk/admin/agents' },
      { name: 'admin-teams', path: '/desk/admin/teams' },
      { name: 'admin-workspace', path: '/desk/admin/workspace' },
      { name: 'admin-mail', path: '/desk/admin/mail' },
      { name: 'admin-health', path: '/desk/admin/health' },
    ],
    (page) => signIn(page, desk),
  );

  // A customer with something to see, by invitation.
  let seen = best;
  let email = '';
  for (const one of rich) {
    const customer = await agent.call<{ access: string; emails: string[] }>('customers/get', { customer: one.customer });
    if (customer.access !== 'none') continue;
    await agent.call('customers/invite', { customer: one.customer });
    [seen, email] = [one, customer.emails[0]];
    break;
  }
  const invitation = await desk.link(email);
  const password = 'a sentence for the pictures';
  const accepted = await browser.newPage();
  await accepted.goto(desk.url + invitation);
  await hydrated(accepted);
  await accepted.getByLabel('New password').fill(password);
  await accepted.getByRole('button', { name: 'Set the password' }).click();
  await accepted.waitForURL(/\/p\/support$/);
  await accepted.close();
  await take(
    browser,
    desk,
    [
      { name: 'portal', path: '/p/support' },
      { name: 'portal-ticket', path: `/p/support/tickets/${seen.number}` },
      { name: 'portal-new', path: '/p/support/new' },
      { name: 'portal-profile', path: '/p/support/profile' },
    ],
    async (page) => {
      await page.goto(`${desk.url}/p/support/sign-in`);
      await hydrated(page);
      await page.getByLabel('E-mail address').first().fill(email);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.waitForURL(/\/p\/support$/);
    },
  );
  await desk.stop();
});

test('the ways in', async ({ browser }) => {
  const desk = await Desk.start();
  await take(
    browser,
    desk,
    [
      { name: 'set-up', path: `/desk/setup?token=${desk.setUpToken}` },
      { name: 'sign-in', path: '/desk/sign-in' },
      { name: 'portal-sign-in', path: '/p/support/sign-in' },
      { name: 'portal-register', path: '/p/support/register' },
    ],
    async () => {},
  );
  await desk.stop();
});
