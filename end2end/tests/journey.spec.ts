// The story of the first day, from an empty database to an answered ticket, told by four browsers: the owner's, the agent's, the
// customer's on a phone, and back.
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { AgentApi } from '../support/api';
import { supportTickets } from '../support/csv';
import { phone } from '../playwright.config';
import { expect, expectAccessible, hydrated, Recorder, test, watch } from '../support/test';

const owner = { name: 'Olga Owner', email: 'olga@taquilla.example', password: 'the owner keeps a secret' };
const agent = { name: 'Ana Agent', email: 'ana@taquilla.example', password: 'the agent keeps another' };
const customerPassword = 'the customer keeps a third';
const secret = 'note-that-nobody-outside-reads';

test('from an empty database to an answered ticket', async ({ browser, fresh: desk }) => {
  test.setTimeout(300_000);
  const desktop = await open(browser);
  const page = desktop.page;

  await test.step('set-up', async () => {
    await page.goto(desk.url);
    await expect(page.getByRole('heading', { level: 1, name: 'Set up your workspace' })).toBeVisible();
    await hydrated(page);
    await expectAccessible(page, 'set-up');
    await page.goto(`${desk.url}/desk/setup?token=${desk.setUpToken}`);
    await hydrated(page);
    await page.getByLabel('Name of the workspace').fill('Lumen Electronics');
    await page.getByLabel('Your full name').fill(owner.name);
    await page.getByLabel('E-mail address').fill(owner.email);
    await page.getByLabel('New password').fill(owner.password);
    await page.getByRole('button', { name: 'Start' }).click();
    await expect(page).toHaveURL(/\/desk\/tickets/);
    await hydrated(page);
    await expectAccessible(page, 'the empty list');
  });

  await test.step('the token works once', async () => {
    const other = await open(browser);
    await other.page.goto(`${desk.url}/desk/setup?token=${desk.setUpToken}`);
    await expect(other.page.getByRole('heading', { name: 'This workspace is set up' })).toBeVisible();
    await other.close();
  });

  await test.step('a team, and an agent by invitation', async () => {
    await page.goto(`${desk.url}/desk/admin/teams`);
    await hydrated(page);
    await page.getByRole('button', { name: 'New team' }).first().click();
    const team = page.getByRole('dialog');
    await team.getByLabel('Name').fill('Support');
    await team.getByRole('button', { name: /Create|Save/ }).click();
    await expect(page.getByRole('main').getByText('Support', { exact: true })).toBeVisible();
    await expectAccessible(page, 'teams');

    await page.getByRole('link', { name: 'Agents' }).click();
    await page.getByRole('button', { name: 'Invite an agent' }).click();
    const form = page.getByRole('dialog');
    await expectAccessible(page, 'invite an agent');
    await form.getByLabel('Name').fill(agent.name);
    await form.getByLabel('E-mail').fill(agent.email);
    await form.getByRole('button', { name: 'Send the invitation' }).click();
    await expect(page.getByRole('row', { name: new RegExp(agent.email) })).toContainText('Invited');
  });

  const agentsOwn = await open(browser);
  await test.step('the agent accepts', async () => {
    await agentsOwn.page.goto(desk.url + (await desk.link(agent.email)));
    await hydrated(agentsOwn.page);
    await expectAccessible(agentsOwn.page, 'invitation');
    await agentsOwn.page.getByLabel('New password').fill(agent.password);
    await agentsOwn.page.getByRole('button', { name: 'Set the password' }).click();
    await expect(agentsOwn.page).toHaveURL(/\/desk\/tickets/);
  });

  const csv = await supportTickets();
  await test.step(`import of ${csv.rows} tickets`, async () => {
    await page.getByRole('button', { name: 'Tools' }).click();
    await page.getByRole('menuitem', { name: 'Import tickets' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Import tickets' })).toBeVisible();
    await expectAccessible(page, 'import: choose');
    await page.locator('#import-file').setInputFiles(csv.path);
    await expect(page.getByRole('region', { name: 'Columns of the file' })).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page, 'import: columns');
    await expect(page.getByLabel('Ticket Subject')).toHaveValue('title');
    await expect(page.getByLabel('Customer Email')).toHaveValue('requester_email');
    await page.getByRole('button', { name: 'Show what would happen' }).click();
    const start = page.getByRole('button', { name: /^Import [\d.,\s]+ tickets$/ });
    await expect(start).toBeVisible({ timeout: 60_000 });
    await expectAccessible(page, 'import: preview');
    await start.click();
    await expect(page.getByText('The import is finished.')).toBeVisible({ timeout: 120_000 });
    await expectAccessible(page, 'import: done');
    const api = await AgentApi.signIn(desk, owner);
    expect(await api.call('items/total', { query: { view: 'all' } })).toBe(csv.rows);
  });

  const api = await AgentApi.signIn(desk, agent);
  const { rows } = await api.call<{ rows: { number: number; title: string; requester: { name: string; email: string } }[] }>('items/list', {
    query: { view: 'open', sort: 'number', limit: 5 },
  });
  const [ticket] = rows;
  const desk2 = agentsOwn.page;
  const panel = desk2.locator('.ticket-panel, [data-ticket], aside, main').last();

  await test.step('find it', async () => {
    await desk2.goto(`${desk.url}/desk/tickets?view=all`);
    await hydrated(desk2);
    await expect(desk2.getByRole('row').nth(5)).toBeVisible();
    await expectAccessible(desk2, 'the list');
    // In quotation marks: the whole name, not all that begin with it.
    await desk2.getByRole('combobox', { name: 'Search tickets or type a filter' }).fill(`"${ticket.requester.name}"`);
    await desk2.getByRole('combobox', { name: 'Search tickets or type a filter' }).press('Enter');
    await expect(desk2).toHaveURL(/q=/);
    const row = desk2.getByRole('row', { name: new RegExp(`#${ticket.number}\\b`) });
    await row.getByRole('link', { name: ticket.title }).click();
    await expect(desk2).toHaveURL(new RegExp(`/desk/tickets/${ticket.number}`));
    await expect(desk2.getByRole('tab', { name: 'Conversation' })).toBeVisible();
    await expectAccessible(desk2, 'ticket');
  });

  await test.step('assign it, change its fields', async () => {
    await desk2.getByRole('button', { name: /^Assigned to:/ }).click();
    await desk2.getByRole('menuitemradio', { name: /Assign to me/ }).click();
    await desk2.getByRole('button', { name: /^Priority:/ }).click();
    await desk2.getByRole('menuitemradio', { name: '4 stars' }).click();
    await desk2.getByRole('button', { name: /^Status:/ }).click();
    await desk2.getByRole('menuitemradio', { name: 'In progress' }).click();
    await desk2.getByRole('tab', { name: 'Details' }).click();
    await expect(desk2).toHaveURL(/tab=details/);
    await desk2.getByLabel('Impact').selectOption({ label: 'Major' });
    const tags = desk2.getByRole('combobox', { name: 'Tags' });
    await tags.fill('first-day');
    await tags.press('Enter');
    await expect
      .poll(async () => {
        const item = await api.call<Item>('items/get', { number: ticket.number });
        return { priority: item.row.priority, tags: item.row.tags, impact: item.row.impact, assigned: item.row.agents.length };
      })
      .toEqual({ priority: 4, tags: expect.arrayContaining(['first-day']), impact: 'major', assigned: 1 });
    await expectAccessible(desk2, 'ticket: details');
    await desk2.getByRole('tab', { name: 'Activity' }).click();
    await expect(panel).toContainText('In progress');
    await expectAccessible(desk2, 'ticket: activity');
    await desk2.getByRole('tab', { name: 'Conversation' }).click();
  });

  const composer = desk2.getByRole('region', { name: 'Write a message' });
  await test.step('reply with a file', async () => {
    await composer.getByRole('button', { name: 'Reply', exact: true }).click();
    const text = composer.getByRole('textbox', { name: 'Reply' });
    await expect(text).toBeFocused();
    await desk2.keyboard.type('Hello, please hold the ');
    await composer.getByRole('button', { name: 'Bold' }).click();
    await desk2.keyboard.type('red button');
    await composer.getByRole('button', { name: 'Bold' }).click();
    await desk2.keyboard.type(' for five seconds.');
    await composer.locator('input[type=file]').setInputFiles({ name: 'manual.txt', mimeType: 'text/plain', buffer: Buffer.from('hold it') });
    await expect(composer).toContainText('manual.txt');
    await expectAccessible(desk2, 'composer');
    await composer.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(desk2.getByRole('tabpanel', { name: 'Conversation' })).toContainText('for five seconds.');
    await expect(desk2.getByRole('link', { name: /manual\.txt/ })).toBeVisible();
    // It waits for a moment, in which it could be taken back.
    await expect(desk2.getByText('About to be sent', { exact: true })).toBeVisible();
    await expect(desk2.getByText('About to be sent', { exact: true })).toHaveCount(0, { timeout: 15_000 });
  });

  await test.step('a note, and a draft that survives a reload', async () => {
    await composer.getByRole('button', { name: 'Note', exact: true }).click();
    await expect(composer.getByRole('textbox', { name: 'Note' })).toBeFocused();
    await desk2.keyboard.type(secret);
    await expect(composer.getByText('Draft saved')).toBeVisible();
    await desk2.reload();
    await hydrated(desk2);
    await composer.getByRole('button', { name: 'Note', exact: true }).click();
    await expect(composer.getByRole('textbox', { name: 'Note' })).toContainText(secret);
    await composer.getByRole('button', { name: 'Add note' }).click();
    await expect(desk2.getByRole('tabpanel', { name: 'Conversation' }).getByText(secret)).toBeVisible();
  });

  await test.step('reload, back and forward restore what was there', async () => {
    await desk2.reload();
    await hydrated(desk2);
    await expect(desk2.getByRole('tabpanel', { name: 'Conversation' })).toContainText('for five seconds.');
    await desk2.goBack();
    await expect(desk2).toHaveURL(/q=/);
    await expect(desk2.getByRole('row', { name: new RegExp(`#${ticket.number}\\b`) })).toBeVisible();
    await desk2.goForward();
    await expect(desk2).toHaveURL(new RegExp(`/desk/tickets/${ticket.number}`));
    await expect(desk2.getByRole('tabpanel', { name: 'Conversation' })).toContainText('for five seconds.');
  });

  const mobile = await open(browser, phone);
  const recorder = new Recorder(mobile.context);
  const theirs = mobile.page;
  await test.step('the customer registers with the address of the import, reads the answer, replies', async () => {
    await theirs.goto(`${desk.url}/p/support/register`);
    await hydrated(theirs);
    const [first, ...last] = ticket.requester.name.split(' ');
    await theirs.getByLabel('First name').fill(first);
    await theirs.getByLabel('Last name').fill(last.join(' ') || 'Customer');
    await theirs.getByLabel('E-mail address').fill(ticket.requester.email);
    await theirs.getByLabel('New password').fill(customerPassword);
    await theirs.getByRole('button', { name: 'Register' }).click();
    await theirs.getByLabel('Code').fill(await desk.code(ticket.requester.email));
    await theirs.getByRole('button', { name: 'Sign in' }).click();
    await theirs.getByRole('link', { name: ticket.title }).first().click();
    const thread = theirs.getByRole('region', { name: 'Conversation' });
    await expect(thread).toContainText('Hello, please hold the red button for five seconds.');
    await hydrated(theirs);
    await expectAccessible(theirs, 'the customer’s ticket');
    await expect(thread.getByRole('link', { name: /manual\.txt/ })).toBeVisible();
    await theirs.getByLabel('Your answer').fill('It glows again. Thank you!');
    await theirs.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(thread).toContainText('It glows again. Thank you!');
  });

  await test.step('the agent reads it and closes with a last word', async () => {
    await desk2.reload();
    await hydrated(desk2);
    await expect(desk2.getByRole('tabpanel', { name: 'Conversation' })).toContainText('It glows again. Thank you!');
    await composer.getByRole('button', { name: 'Reply', exact: true }).click();
    await expect(composer.getByRole('textbox', { name: 'Reply' })).toBeFocused();
    await desk2.keyboard.type('Gladly. Goodbye!');
    await composer.getByRole('button', { name: 'Send and set the status' }).click();
    await desk2.getByRole('menuitem', { name: 'Closed' }).click();
    // With the reply, which can be taken back for ten seconds.
    await expect(desk2.getByRole('button', { name: /^Status:/ })).toContainText('Closed', { timeout: 20_000 });
    await expect(desk2.getByRole('tabpanel', { name: 'Conversation' })).toContainText('Gladly. Goodbye!');
  });

  await test.step('the note is in no byte that the customer received', async () => {
    for (const path of ['', '?status=done', `/tickets/${ticket.number}`, '/profile', '/new']) {
      await theirs.goto(`${desk.url}/p/support${path}`);
      await hydrated(theirs);
    }
    await expect(theirs.getByRole('heading', { level: 1 })).toBeVisible();
    expect(recorder.count).toBeGreaterThan(20);
    expect(await recorder.contains('red button')).not.toEqual([]);
    expect(await recorder.contains(secret)).toEqual([]);
    expect(await recorder.contains('first-day')).toEqual([]);
    const mails = await desk.mails(ticket.requester.email);
    expect(mails.length).toBeGreaterThan(1);
    for (const mail of mails) expect(mail.everything).not.toContain(secret);
  });

  // Before the server goes: a page that follows it says on its console that it is gone.
  for (const one of [desktop, agentsOwn, mobile]) await one.close();
  await test.step('nothing is lost when the server is killed', async () => {
    const before = await api.call<Item>('items/get', { number: ticket.number });
    await desk.restart();
    expect(await api.call<Item>('items/get', { number: ticket.number })).toEqual(before);
  });
});

interface Item {
  row: { priority: number; tags: string[]; agents: number[] };
  impact: string;
}

/** A browser of somebody's own, in which a console error is a failure. */
async function open(browser: Browser, options = {}): Promise<{ context: BrowserContext; page: Page; close: () => Promise<void> }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', timezoneId: 'Europe/Madrid', ...options });
  const errors = watch(context);
  return {
    context,
    page: await context.newPage(),
    close: async () => {
      expect(errors).toEqual([]);
      await context.close();
    },
  };
}
