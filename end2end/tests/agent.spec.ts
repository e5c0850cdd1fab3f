// The agent application on demo data: every screen is accessible in light and dark, the keyboard works, the address bar tells the
// truth, two agents do not overwrite each other.
import type { Page } from '@playwright/test';
import { AgentApi } from '../support/api';
import type { Desk } from '../support/desk';
import { signIn } from '../support/sign-in';
import { expect, expectAccessible, hydrated, settled, test } from '../support/test';

const screens = [
  '/desk/tickets?view=open',
  '/desk/tickets/1?view=all',
  '/desk/tickets/1?view=all&tab=details',
  '/desk/tickets/1?view=all&tab=activity',
  '/desk/tickets/new',
  '/desk/customers',
  '/desk/customers/new',
  '/desk/customers/1',
  '/desk/organizations',
  '/desk/organizations/new',
  '/desk/organizations/1',
  '/desk/import',
  '/desk/profile',
  '/desk/admin/agents',
  '/desk/admin/teams',
  '/desk/admin/workspace',
  '/desk/admin/apps',
  '/desk/admin/apps/1',
  '/desk/admin/mail',
  '/desk/admin/health',
];

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any screen (${colorScheme})`, async ({ page, demo }) => {
    test.setTimeout(240_000);
    await page.emulateMedia({ colorScheme });
    await page.goto(`${demo.url}/desk/sign-in`);
    await hydrated(page);
    await expectAccessible(page, 'sign-in');
    await page.goto(`${demo.url}/desk/forgot`);
    await hydrated(page);
    await expectAccessible(page, 'forgot');
    await signIn(page, demo);
    for (const path of screens) {
      await page.goto(demo.url + path);
      await hydrated(page);
      await expect(page.getByRole('heading').first()).toBeVisible();
      await settled(page);
      await expectAccessible(page, path);
    }
  });
}

test('axe finds nothing on a phone, and nothing is wider than the screen', async ({ page, demo }) => {
  test.setTimeout(240_000);
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page, demo);
  for (const path of screens) {
    await page.goto(demo.url + path);
    await hydrated(page);
    await settled(page);
    await expectAccessible(page, path);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, path).toBeLessThanOrEqual(0);
  }
});

test('the keyboard is enough: move, open, back, search, create', async ({ page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/desk/tickets?view=open`);
  await hydrated(page);
  const rows = page.getByRole('grid').getByRole('row');
  await expect(rows.nth(2)).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/desk\/tickets\/\d+/);
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/desk\/tickets\?/);
  await page.keyboard.press('/');
  await expect(page.getByRole('combobox', { name: 'Search tickets or type a filter' })).toBeFocused();
  await page.getByRole('combobox', { name: 'Search tickets or type a filter' }).blur();
  await page.keyboard.press('c');
  await expect(page).toHaveURL(/\/desk\/tickets\/new/);
});

test('a ticket is written down for a customer', async ({ page, demo }) => {
  await signIn(page, demo);
  const title = `Called in ${Date.now()}`;
  await page.goto(`${demo.url}/desk/tickets/new`);
  await hydrated(page);
  await page.getByLabel('Title', { exact: true }).fill(title);
  await page.getByRole('button', { name: 'Create ticket' }).click();
  await expect(page).toHaveURL(/\/desk\/tickets\/\d+/);
  await expect(page.getByRole('heading', { name: title })).toBeVisible();
});

test('a view, a sort and an open ticket are in the address, and back goes the way one came', async ({ page, demo }) => {
  await signIn(page, demo);
  const views = page.getByRole('navigation', { name: 'Views' });
  await views.getByRole('link', { name: /^All tickets/ }).click();
  await expect(page).toHaveURL(/view=all/);
  await page.getByRole('columnheader', { name: /Title/ }).getByRole('link').click();
  await expect(page).toHaveURL(/sort=/);
  const first = page.getByRole('grid').getByRole('row').nth(1);
  const text = await first.getByRole('link').innerText();
  await first.getByRole('link').click();
  await expect(page.getByRole('heading', { name: text })).toBeVisible();
  const address = page.url();
  await page.reload();
  await hydrated(page);
  expect(page.url()).toBe(address);
  await expect(page.getByRole('heading', { name: text })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/desk\/tickets\?.*sort=/);
  await page.goBack();
  await expect(page).not.toHaveURL(/sort=/);
});

test.describe('two at once', () => {
  // A conflict answers 409, and Chromium says so.
  test.use({ expectedErrors: ['409 (Conflict)', 'net::ERR_FAILED'] });
  test('two agents change one ticket: different fields merge, the same field is asked about', async ({ page, demo }) => {
    // At the very same time: what the other does has not reached this page.
    await page.route('**/live/desk*', (route) => route.abort());
    await signIn(page, demo);
    const other = await AgentApi.signIn(demo, demo.accounts[1]);
    const { row } = await other.call<{ row: { number: number } }>('items/create', { item: { title: `Two at once ${Date.now()}` } });
    await page.goto(`${demo.url}/desk/tickets/${row.number}?view=all`);
    await hydrated(page);
    await expect(page.getByRole('tab', { name: 'Conversation' })).toBeVisible();
    const change = async (changes: unknown[]) => {
      const { row: now } = await other.call<{ row: { version: number } }>('items/get', { number: row.number });
      await other.call('items/change', { number: row.number, version: now.version, changes });
    };
    await change([{ field: 'impact', value: 'crisis' }]);
    await page.getByRole('button', { name: /^Priority:/ }).click();
    await page.getByRole('menuitemradio', { name: '2 stars' }).click();
    const item = () => other.call<{ impact: string; row: { priority: number } }>('items/get', { number: row.number });
    await expect.poll(async () => (await item()).row.priority).toBe(2);
    expect((await item()).row.impact).toBe('crisis');

    await change([{ field: 'priority', value: 5 }]);
    await page.getByRole('button', { name: /^Priority:/ }).click();
    await page.getByRole('menuitemradio', { name: '3 stars' }).click();
    const clash = page.getByRole('dialog', { name: /two changes at once/ });
    await expect(clash).toBeVisible();
    await expectAccessible(page, 'two changes at once');
    await clash.getByRole('button', { name: 'Use mine' }).click();
    await expect.poll(async () => (await item()).row.priority).toBe(3);
  });
});

test('many are changed at once and it can be undone', async ({ page, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/desk/tickets?view=all&sort=number`);
  await hydrated(page);
  const rows = page.getByRole('grid').getByRole('row');
  await rows.nth(1).getByRole('checkbox').check();
  await rows.nth(3).getByRole('checkbox').click({ modifiers: ['Shift'] });
  const bar = page.getByRole('region', { name: 'Selected tickets' }).or(page.getByRole('toolbar', { name: 'Selected tickets' }));
  await expect(bar).toContainText('3 selected');
  await expectAccessible(page, 'a selection');
});

test('the description is changed in its place, and tags by the keyboard', async ({ page, demo }) => {
  await signIn(page, demo);
  const agent = await AgentApi.signIn(demo);
  const { row } = await agent.call<{ row: { number: number } }>('items/create', {
    item: { title: `Described anew ${Date.now()}`, description: '<p>The lamp is dark.</p>' },
  });
  const item = () => agent.call<{ description: string; row: { tags: string[] } }>('items/get', { number: row.number });
  await page.goto(`${demo.url}/desk/tickets/${row.number}?view=all`);
  await hydrated(page);
  await page.getByRole('button', { name: 'Edit the description' }).click();
  const editor = page.getByRole('textbox', { name: 'Description' });
  await expect(editor).toBeFocused();
  await expect(editor).toContainText('The lamp is dark.');
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' It was bright before.');
  await expectAccessible(page, 'the description while it is written');
  await page.keyboard.press('Control+Enter');
  const thread = page.getByRole('tabpanel', { name: 'Conversation' });
  await expect(thread).toContainText('The lamp is dark. It was bright before.');
  await expect.poll(async () => (await item()).description).toContain('It was bright before.');
  await expect(editor).toHaveCount(0);

  await page.keyboard.press('l');
  const dialog = page.getByRole('dialog', { name: 'Tags' });
  const tags = dialog.getByRole('combobox', { name: 'Tags' });
  await expect(tags).toBeFocused();
  await tags.fill('dark-lamp');
  await tags.press('Enter');
  await expectAccessible(page, 'tags');
  await tags.press('Control+Enter');
  await expect(dialog).toBeHidden();
  await expect.poll(async () => (await item()).row.tags).toEqual(['dark-lamp']);
});

test.describe('writing', () => {
  // What does not arrive, and what cannot be saved, is refused on purpose; Chromium says so.
  test.use({ expectedErrors: ['422 (Unprocessable', '503 (Service Unavailable)'] });

  /** A ticket of its own, open, and what the server knows of it. */
  async function fresh(page: Page, demo: Desk, title: string) {
    const agent = await AgentApi.signIn(demo);
    // Sent at once: what waits before it is sent has tests of its own.
    await agent.call('agent/change_profile', { patch: { undo_send: { set: 0 } } });
    await signIn(page, demo);
    const { row } = await agent.call<{ row: { number: number } }>('items/create', { item: { title: `${title} ${Date.now()}` } });
    await page.goto(`${demo.url}/desk/tickets/${row.number}?view=all`);
    await hydrated(page);
    const composer = page.getByRole('region', { name: 'Write a message' });
    type Message = { kind: string; html: string; files: { name: string }[] };
    const messages = async () => (await agent.call<{ messages: Message[] }>('items/get', { number: row.number })).messages;
    return { agent, number: row.number, composer, messages };
  }
  const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  const attach = (composer: ReturnType<Page['getByRole']>) => composer.locator('input[type=file]');

  test('files of a note never leave with a reply', async ({ page, demo }) => {
    const { composer, messages } = await fresh(page, demo, 'Whose file');
    await composer.getByRole('button', { name: 'Note', exact: true }).click();
    await composer.getByRole('textbox', { name: 'Note' }).fill('Between us');
    await attach(composer).setInputFiles(file('secret.txt', 'between us'));
    await expect(composer.getByText('secret.txt')).toBeVisible();
    await composer.getByRole('button', { name: 'Reply', exact: true }).click();
    await expect(composer.getByText('secret.txt')).toHaveCount(0);
    await composer.getByRole('textbox', { name: 'Reply' }).fill('For everybody');
    await composer.getByRole('button', { name: 'Send', exact: true }).click();
    await expect.poll(async () => (await messages()).map(({ kind, files }) => [kind, files.length])).toEqual([['reply', 0]]);
    // The note, its text and its file wait, also over a reload.
    await page.reload();
    await hydrated(page);
    await composer.getByRole('button', { name: 'Note', exact: true }).click();
    await expect(composer.getByRole('textbox', { name: 'Note' })).toContainText('Between us');
    await expect(composer.getByText('secret.txt')).toBeVisible();
    await composer.getByRole('button', { name: 'Add note' }).click();
    await expect.poll(async () => (await messages()).map(({ kind, files }) => [kind, files.map(({ name }) => name)])).toEqual([
      ['reply', []],
      ['note', ['secret.txt']],
    ]);
  });

  test('a file that did not arrive holds the message back until it is taken out', async ({ page, demo }) => {
    const { composer, messages } = await fresh(page, demo, 'Empty file');
    await composer.getByRole('textbox', { name: 'Reply' }).fill('See the file');
    await attach(composer).setInputFiles([file('empty.txt', ''), file('full.txt', 'full')]);
    await expect(composer.getByText('This file is empty.')).toBeVisible();
    await composer.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(composer.getByText('Some files did not arrive')).toBeVisible();
    expect(await messages()).toEqual([]);
    await composer.getByRole('button', { name: 'Remove empty.txt' }).click();
    await composer.getByRole('button', { name: 'Send', exact: true }).click();
    await expect.poll(async () => (await messages()).map(({ files }) => files.map(({ name }) => name))).toEqual([['full.txt']]);
  });

  test('a picture stays when one types on after it', async ({ page, demo }) => {
    const { composer, messages } = await fresh(page, demo, 'Picture');
    const text = composer.getByRole('textbox', { name: 'Reply' });
    await text.click();
    await page.keyboard.type('Look:');
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    await text.evaluate((element, base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], 'shot.png', { type: 'image/png' }));
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, png);
    await expect(text.getByRole('img', { name: 'shot.png' })).toBeVisible();
    await page.keyboard.type('and so on');
    await expect(text.getByRole('img', { name: 'shot.png' })).toBeVisible();
    await page.keyboard.press('Control+Enter');
    await expect.poll(async () => (await messages()).map(({ html }) => html.replace(/src="[^"]*"/, 'src'))).toEqual([
      '<p>Look:</p><img src alt="shot.png"><p>and so on</p>',
    ]);
  });

  test('what the server could not save is there after a reload, and is saved then', async ({ page, demo }) => {
    const { agent, number, composer } = await fresh(page, demo, 'Unsaved');
    await page.route('**/_fn/items/save_draft', (route) => route.fulfill({ status: 503, body: '{"code":"unavailable","key":"error_unavailable"}' }));
    await composer.getByRole('textbox', { name: 'Reply' }).click();
    await page.keyboard.type('Typed while it was down');
    await page.waitForRequest('**/_fn/items/save_draft');
    await page.unroute('**/_fn/items/save_draft');
    await page.reload();
    await hydrated(page);
    await expect(composer.getByRole('textbox', { name: 'Reply' })).toContainText('Typed while it was down');
    await expect(composer.getByText('Draft saved')).toBeVisible();
    const drafts = await agent.call<{ html: string }[]>('items/drafts', { number });
    expect(drafts.map(({ html }) => html)).toEqual(['<p>Typed while it was down</p>']);
  });
});

test.describe('a light agent', () => {
  // The page of the administration answers 403, and Chromium says so.
  test.use({ expectedErrors: ['403 (Forbidden)'] });
  test('reads and notes, and is refused the rest', async ({ page, demo }) => {
    await signIn(page, demo);
    const owner = await AgentApi.signIn(demo);
    const email = `light.${Date.now()}@taquilla.example`;
    await owner.call('admin/invite_agent', { agent: { name: 'Lena Light', email, role: 'light', access: 'all', teams: [] } });
    // Somebody else comes to this browser; the page of who was there before is gone.
    await page.goto('about:blank');
    await page.context().clearCookies();
    await page.goto(demo.url + (await demo.link(email)));
    await hydrated(page);
    await page.getByLabel('New password').fill('a light secret for tests');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await expect(page).toHaveURL(/\/desk\/tickets/);
    await page.goto(`${demo.url}/desk/tickets/1?view=all`);
    await hydrated(page);
    const composer = page.getByRole('region', { name: 'Write a message' });
    await expect(composer.getByRole('button', { name: 'Note', exact: true })).toBeVisible();
    await expect(composer.getByRole('button', { name: 'Reply', exact: true })).toHaveCount(0);
    await page.goto(`${demo.url}/desk/admin/agents`);
    await hydrated(page);
    await expect(page.getByRole('heading', { name: 'This is not open to you' })).toBeVisible();
    await expectAccessible(page, 'forbidden');
  });
});
