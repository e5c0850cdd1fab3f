// The palette, the search box and the keys: all by keyboard, on what is selected, in sections, and the sheet of keys tells what works.
import type { Locator, Page } from '@playwright/test';
import { AgentApi } from '../support/api';
import { signIn } from '../support/sign-in';
import { expect, expectAccessible, hydrated, settled, test } from '../support/test';

const palette = (page: Page) => page.getByRole('dialog', { name: 'Command palette' });
const search = (page: Page) => page.getByRole('combobox', { name: 'Search tickets or type a filter' });
const found = (page: Page) => page.getByRole('listbox', { name: 'Search tickets or type a filter' });

/** The ticket of a row of the list. */
const numberOf = async (row: Locator) => Number(/tickets\/(\d+)/.exec((await row.locator('.ticket-link').getAttribute('href')) ?? '')?.[1]);

/** Opens the palette and types. */
async function ask(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(palette(page).getByRole('combobox')).toBeFocused();
  await page.keyboard.type(text);
}

/** The entry that Enter would choose. */
const chosen = (page: Page) => palette(page).locator('[role=option][aria-selected=true]');

async function openList(page: Page, url: string, view = 'open'): Promise<void> {
  await page.goto(`${url}/desk/tickets?view=${view}`);
  await hydrated(page);
  await expect(page.getByRole('grid').getByRole('row').nth(3)).toBeVisible();
}

test('the palette acts on what is selected, else on the open ticket, else where the keyboard is', async ({ page, demo }) => {
  await signIn(page, demo);
  await openList(page, demo.url);
  const api = await AgentApi.signIn(demo);
  const stars = async (number: number) => (await api.call<{ row: { priority: number } }>('items/get', { number })).row.priority;
  const rows = page.locator('.ticket-row:not(.ticket-head)');

  // The row that the keyboard is at.
  await page.keyboard.press('j');
  const current = await numberOf(page.locator('.ticket-row-current'));
  await ask(page, 'priority ★★★★★');
  await expect(palette(page).locator('.finder-about')).toContainText(`#${current}`);
  await expect(chosen(page)).toContainText('Priority: ★★★★★');
  await page.keyboard.press('Enter');
  await expect(palette(page)).toBeHidden();
  await expect.poll(() => stars(current)).toBe(5);

  // Three that are selected.
  const three = [await numberOf(rows.nth(0)), await numberOf(rows.nth(1)), await numberOf(rows.nth(2))];
  for (const at of [0, 1, 2]) await rows.nth(at).getByRole('checkbox').check();
  await ask(page, 'prio ★');
  await expect(palette(page).locator('.finder-about')).toHaveText('3 selected');
  await expect(chosen(page)).toContainText('Priority:');
  await palette(page).getByRole('option', { name: 'Priority: ★★', exact: true }).click();
  await expect.poll(async () => Promise.all(three.map(stars))).toEqual([2, 2, 2]);
  await page.keyboard.press('Escape');

  // The ticket that is open; its menus are there by name, too.
  await page.goto(`${demo.url}/desk/tickets/${three[0]}?view=all`);
  await hydrated(page);
  await expect(page.getByRole('tab', { name: 'Conversation' })).toBeVisible();
  await ask(page, '');
  await expect(palette(page).locator('.finder-about')).toContainText(`#${three[0]}`);
  await page.keyboard.type('reply');
  await expect(chosen(page)).toContainText('Reply');
  await page.keyboard.press('Enter');
  await expect(page.locator('.composer [contenteditable=true]')).toBeFocused();
});

test('the palette finds screens, views, tickets, customers, organizations and agents, and gives the keyboard back', async ({ page, demo }) => {
  await signIn(page, demo);
  await openList(page, demo.url);
  const api = await AgentApi.signIn(demo);
  const { rows } = await api.call<{ rows: { number: number; title: string; requester: { name: string } }[] }>('items/list', { query: { view: 'all', text: 'has:requester' } });
  const group = (name: string) => palette(page).getByRole('group', { name, exact: true });

  await ask(page, `#${rows[0].number}`);
  await expect(group('Tickets').getByRole('option').first()).toContainText(rows[0].title);
  await group('Tickets').getByRole('option').first().click();
  await expect(page).toHaveURL(new RegExp(`/desk/tickets/${rows[0].number}\\?view=open`));

  // By keyboard alone, with letters in order.
  await ask(page, 'orgs');
  await expect(chosen(page)).toContainText('Organizations');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Organizations' })).toBeVisible();
  await ask(page, 'recentl');
  await expect(group('Views').getByRole('option')).not.toHaveCount(0);
  await page.keyboard.press('ArrowUp');
  await expect(chosen(page)).toContainText('Search tickets for');
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();

  const name = rows[0].requester.name;
  await ask(page, name);
  await expect(group('Customers').getByRole('option').first()).toContainText(name);
  await expectAccessible(page, 'palette');
  await page.keyboard.press('Control+k');
  await expect(palette(page)).toBeHidden();

  // What was chosen lately comes first.
  await ask(page, '');
  await expect(palette(page).getByRole('group').first()).toHaveAttribute('aria-label', 'Recently');
  await expect(chosen(page)).toContainText('Organizations');
  await palette(page).getByRole('combobox').fill('zzzzqqqq');
  await expect(palette(page).getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Escape');

  // From a text that is being typed, and back into it.
  await search(page).focus();
  await page.keyboard.press('Control+k');
  await expect(palette(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(search(page)).toBeFocused();
});

test.describe('without an answer', () => {
  test.use({ expectedErrors: ['net::ERR_FAILED'] });
  test('it says so, goes on with what is there, and tries again', async ({ page, demo }) => {
    await signIn(page, demo);
    await openList(page, demo.url);
    let cut = true;
    await page.route('**/_fn/find/find', (route) => (cut ? route.abort() : route.continue()));
    await ask(page, 'custom');
    await expect(palette(page).getByRole('status')).not.toBeEmpty();
    await expect(palette(page).getByRole('option', { name: /Go to Customers/ })).toBeVisible();
    // Until then it may not have been asked.
    await expect(palette(page).getByRole('option', { name: 'Try again' })).toBeVisible();
    cut = false;
    await palette(page).getByRole('option', { name: 'Try again' }).click();
    await expect(palette(page).getByRole('option', { name: 'Try again' })).toHaveCount(0);
    await expect(palette(page).getByRole('status')).toBeEmpty();
  });
});

test('the search box finds in sections while one types, understands filters, and leads to the list', async ({ page, demo }) => {
  await signIn(page, demo);
  await openList(page, demo.url);
  const api = await AgentApi.signIn(demo);
  const { rows } = await api.call<{ rows: { number: number; title: string; requester: { name: string } }[] }>('items/list', { query: { view: 'all', text: 'has:requester' } });
  const name = rows[0].requester.name.split(' ')[0];

  await page.keyboard.press('/');
  await expect(search(page)).toBeFocused();
  await page.keyboard.type(name);
  await expect(found(page).getByRole('group', { name: 'Tickets' })).toBeVisible();
  await expect(found(page).getByRole('group', { name: 'Customers' })).toBeVisible();
  await expect(search(page)).toHaveAttribute('aria-expanded', 'true');
  await expectAccessible(page, 'search');
  // By keyboard to a customer.
  const customer = found(page).getByRole('group', { name: 'Customers' }).getByRole('option').first();
  for (let step = 0; step < 30 && (await customer.getAttribute('aria-selected')) !== 'true'; step += 1) await page.keyboard.press('ArrowDown');
  await expect(search(page)).toHaveAttribute('aria-activedescendant', (await customer.getAttribute('id'))!);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/desk\/customers\/\d+/);
  await expect(found(page)).toBeHidden();

  // A filter, completed while it is typed.
  await openList(page, demo.url);
  await page.keyboard.press('/');
  await page.keyboard.type('prior');
  await expect(found(page).getByRole('option', { name: 'priority:' })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await expect(search(page)).toHaveValue('priority:');
  await page.keyboard.type('>=1');
  await expect(found(page).getByRole('group', { name: 'Tickets' }).getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/view=all&q=priority/);

  // What is wrong is told at its place, and stays to be mended.
  await page.keyboard.press('/');
  await search(page).fill('printer statuss:open');
  await expect(page.locator('.finder-under').getByRole('status')).toContainText('statuss');
  await page.keyboard.press('Enter');
  await expect(page.locator('.finder-under').getByRole('status')).toContainText('statuss');
  await expect(page).toHaveURL(/q=priority/);
  const marked = await search(page).evaluate((field: HTMLInputElement) => field.value.slice(field.selectionStart!, field.selectionEnd!));
  expect(marked).toBe('statuss:open');

  // Escape closes, empties and leaves, one after the other; what was searched for lately is there again.
  await page.keyboard.press('Escape');
  await expect(found(page)).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(search(page)).toHaveValue('');
  await search(page).click();
  await expect(found(page).getByRole('group', { name: 'Recent searches' }).getByRole('option').first()).toContainText('priority:>=1');
});

test('the sheet of keys lists what works, and what it lists works', async ({ page, demo }) => {
  await signIn(page, demo);
  await openList(page, demo.url);
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await page.keyboard.press('?');
  await expect(sheet).toBeVisible();
  for (const key of ['Ctrl K', '/', 'Z', '?', 'C', 'G', 'J', 'K', '↵', 'Esc', ']', '[', '⇧ J', '⇧ K', 'X', 'I', 'A', 'S', 'P', 'L', 'E'])
    await expect(sheet.locator('kbd', { hasText: new RegExp(`^${key.replace(/[[\]?]/g, '\\$&')}$`) }).first(), key).toBeVisible();
  await expectAccessible(page, 'keys');
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();

  // Through the rows, and back.
  const current = page.locator('.ticket-row-current');
  const at = () => numberOf(current);
  await page.keyboard.press('j');
  const first = await at();
  await page.keyboard.press('ArrowDown');
  const second = await at();
  expect(second).not.toBe(first);
  await page.keyboard.press('ArrowUp');
  expect(await at()).toBe(first);
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  expect(await at()).toBe(first);

  // Selecting: one, further ones, none.
  const selection = page.getByRole('region', { name: 'Selected tickets' });
  await page.keyboard.press('x');
  await expect(selection).toContainText('1 selected');
  await page.keyboard.press('Shift+J');
  await expect(selection).toContainText('2 selected');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(selection).toContainText('3 selected');
  // Each menu under its key, and its button says which.
  for (const [key, name] of [['s', 'Status'], ['p', 'Priority'], ['a', 'Assign']]) {
    await page.keyboard.press(key);
    await expect(page.getByRole('menu', { name })).toBeVisible();
    await expect(selection.getByRole('button', { name })).toHaveAttribute('title', new RegExp(`\\(${key.toUpperCase()}\\)$`));
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu', { name })).toBeHidden();
  }
  await page.keyboard.press('l');
  await expect(page.getByRole('dialog', { name: 'Tags' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(selection).toHaveCount(0);

  // Opening, its neighbours, writing, back.
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/desk\/tickets\/\d+/);
  const number = () => Number(/tickets\/(\d+)/.exec(page.url())?.[1]);
  const opened = number();
  await expect(page.getByRole('tab', { name: 'Conversation' })).toBeVisible();
  await page.keyboard.press(']');
  await expect.poll(number).not.toBe(opened);
  await page.keyboard.press('[');
  await expect.poll(number).toBe(opened);
  await expect(page.getByRole('tab', { name: 'Conversation' })).toBeVisible();
  await page.keyboard.press('?');
  for (const key of ['R', 'N', 'Ctrl ↵']) await expect(sheet.locator('kbd', { hasText: new RegExp(`^${key}$`) })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  const editor = page.locator('.composer [contenteditable=true]');
  await expect(editor).toBeFocused();
  // Off while typing.
  await page.keyboard.type('jcx?/');
  await expect(editor).toHaveText('jcx?/');
  await expect(sheet).toBeHidden();
  expect(number()).toBe(opened);
  await editor.blur();

  // To other screens.
  for (const [key, path] of [['c', 'customers'], ['o', 'organizations'], ['a', 'admin/agents'], ['t', 'tickets']]) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await expect(page).toHaveURL(new RegExp(`/desk/${path}`));
    await settled(page);
  }
  await page.keyboard.press('c');
  await expect(page).toHaveURL(/\/desk\/tickets\/new/);
});

test('assign to me, done, and taken back', async ({ page, demo }) => {
  const api = await AgentApi.signIn(demo);
  const { row } = await api.call<{ row: { number: number } }>('items/create', { item: { title: `By keys ${Date.now()}` } });
  const item = () => api.call<{ row: { agents: number[]; category: string } }>('items/get', { number: row.number });
  await signIn(page, demo);
  await page.goto(`${demo.url}/desk/tickets/${row.number}?view=all`);
  await hydrated(page);
  await expect(page.getByRole('tab', { name: 'Conversation' })).toBeVisible();
  await page.keyboard.press('i');
  await expect.poll(async () => (await item()).row.agents.length).toBe(1);
  await page.keyboard.press('e');
  await expect.poll(async () => (await item()).row.category).toBe('done');
  await expect(page.getByRole('button', { name: 'Undo' }).last()).toBeVisible();
  await page.keyboard.press('z');
  await expect.poll(async () => (await item()).row.category).not.toBe('done');
});

test('on a phone the palette opens from its button and fits', async ({ page, demo }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page, demo);
  await page.getByRole('button', { name: 'Command palette' }).click();
  await expect(palette(page).getByRole('combobox')).toBeFocused();
  await palette(page).getByRole('combobox').fill('print');
  await expect(palette(page).getByRole('status')).toBeEmpty();
  await expectAccessible(page, 'palette on a phone');
  const box = (await palette(page).boundingBox())!;
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(360);
  for (const entry of await palette(page).getByRole('option').all()) expect((await entry.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  await page.keyboard.press('Escape');
  await search(page).fill('print');
  await expect(found(page)).toBeVisible();
  const under = (await page.locator('.finder-under').boundingBox())!;
  expect(under.x).toBeGreaterThanOrEqual(0);
  expect(under.x + under.width).toBeLessThanOrEqual(360);
});
