// Views: a filter is put together from what there is, by the keyboard alone, or typed as text; it stands in the address; it is saved,
// shared and undone; the list stands in groups with true counts; and all of it follows what others do.
import type { Page } from '@playwright/test';
import { AgentApi } from '../support/api';
import type { Desk } from '../support/desk';
import { signIn } from '../support/sign-in';
import { expect, expectAccessible, hydrated, test } from '../support/test';

/** The number of tickets that the head of the list tells. */
const total = async (page: Page) => Number((await page.locator('.list-total').innerText()).replace(/\D/g, ''));
const filters = (page: Page) => page.getByRole('group', { name: 'Filter', exact: true });
const views = (page: Page) => page.getByRole('navigation', { name: 'Views' }).first();

/** Tickets of this test alone, which carry a tag of their own. */
async function tickets(agent: AgentApi, tag: string, items: object[]): Promise<number[]> {
  const numbers: number[] = [];
  for (const [at, item] of items.entries()) {
    const { row } = await agent.call<{ row: { number: number } }>('items/create', { item: { title: `${tag} ${at}`, tags: [tag], ...item } });
    numbers.push(row.number);
  }
  return numbers;
}

async function open(page: Page, demo: Desk, query: string) {
  await page.goto(`${demo.url}/desk/tickets?${query}`);
  await hydrated(page);
  await expect(page.locator('.filter-chips').or(page.locator('.filter-text')).first()).toBeVisible();
}

test('a filter is put together by the keyboard alone, and the same typed as text', async ({ page, demo }) => {
  await signIn(page, demo);
  const agent = await AgentApi.signIn(demo);
  const tag = `kb${Date.now()}`;
  await tickets(agent, tag, [{ priority: 5 }, { priority: 4 }, { priority: 1 }]);
  await open(page, demo, 'view=all');

  const choose = async (name: string) => {
    await page.keyboard.type(name);
  };
  await page.locator('#filter-add').focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Add a condition' });
  await expect(dialog.getByLabel('Field')).toBeFocused();
  await expectAccessible(page, 'the dialog of a condition');
  await choose('Tags');
  await page.keyboard.press('Tab');
  await expect(dialog.getByLabel('Comparison')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type(tag);
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Add', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(filters(page).getByRole('button', { name: `Tags is “${tag}”`, exact: true })).toBeVisible();
  await expect.poll(() => total(page)).toBe(3);
  await expect(page).toHaveURL(/filter=/);

  await page.locator('#filter-add').focus();
  await page.keyboard.press('Enter');
  await choose('Priority');
  await page.keyboard.press('Tab');
  await choose('at least');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await dialog.getByRole('button', { name: 'Add', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => total(page)).toBe(2);
  const address = page.url();
  await expectAccessible(page, 'a list with chips');

  // The text says the same, and typed it makes the same.
  await page.getByRole('button', { name: 'Filter as text' }).click();
  const field = page.getByRole('combobox', { name: 'Filter as text' });
  const text = await field.inputValue();
  expect(text).toContain(`tags:${tag}`);
  expect(text).toContain('priority>=4');
  await open(page, demo, 'view=all');
  await page.getByRole('button', { name: 'Filter as text' }).click();
  await field.fill(text);
  await field.press('Enter');
  await expect.poll(() => total(page)).toBe(2);
  expect(new URL(page.url()).searchParams.get('filter')).toBe(new URL(address).searchParams.get('filter'));

  // Back and reload are that list; taking the chips away is the list from before.
  await page.reload();
  await hydrated(page);
  expect(await total(page)).toBe(2);
  await page.getByRole('button', { name: 'Remove Priority at least ★★★★' }).click();
  await expect.poll(() => total(page)).toBe(3);
  await page.goBack();
  await expect.poll(() => total(page)).toBe(2);
});

test('the text is completed while it is typed, and what is wrong is said and stays', async ({ page, demo }) => {
  await signIn(page, demo);
  await open(page, demo, 'view=all');
  await page.getByRole('button', { name: 'Filter as text' }).click();
  const field = page.getByRole('combobox', { name: 'Filter as text' });
  await field.fill('');
  await field.pressSequentially('prio');
  const list = page.getByRole('listbox', { name: 'What could stand here' });
  await expect(list.getByRole('option', { name: /^priority:/ })).toBeVisible();
  await expectAccessible(page, 'suggestions');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await expect(field).toHaveValue('priority:');
  await field.pressSequentially('many');
  await page.keyboard.press('Enter');
  await expect(page.locator('#filter-text-problem')).not.toBeEmpty();
  await expect(field).toHaveValue('priority:many');
  // In an address that somebody sends it matches nothing, and says why.
  await open(page, demo, 'view=all&filter=priority%3Amany');
  await expect(page.locator('.filter-problem')).not.toBeEmpty();
  expect(await total(page)).toBe(0);
});

test('alternatives stand in a group of their own', async ({ page, demo }) => {
  await signIn(page, demo);
  const agent = await AgentApi.signIn(demo);
  const tag = `alt${Date.now()}`;
  await tickets(agent, tag, [{ priority: 5 }, { priority: 1 }, { priority: 3 }]);
  await open(page, demo, `view=all&filter=${encodeURIComponent(`tag:${tag} (priority:5 | priority:1)`)}`);
  expect(await total(page)).toBe(2);
  const joined = page.getByRole('combobox', { name: 'How these conditions hold together' });
  await expect(joined).toHaveValue('any');
  await joined.selectOption('none');
  await expect.poll(() => total(page)).toBe(1);
  await page.getByRole('button', { name: 'Add a condition to this group' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a condition' });
  await dialog.getByLabel('Field').selectOption('priority');
  await dialog.getByLabel('Value').selectOption('3');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect.poll(() => total(page)).toBe(0);
  await page.getByRole('button', { name: 'Remove this group' }).click();
  await expect.poll(() => total(page)).toBe(3);
});

test('a view is saved, changed, shared, deleted and brought back', async ({ page, demo, browser }) => {
  await signIn(page, demo);
  const agent = await AgentApi.signIn(demo);
  const tag = `sv${Date.now()}`;
  await tickets(agent, tag, [{ priority: 5 }, { priority: 1 }]);
  await open(page, demo, `view=all&filter=${encodeURIComponent(`tag:${tag}`)}`);
  await page.getByRole('button', { name: 'Changed, not saved' }).click();
  await page.getByRole('menuitem', { name: 'Save as a new view…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save as a new view' });
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await expectAccessible(page, 'the dialog of a view');
  await dialog.getByLabel('Name').fill(`Mine ${tag}`);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(views(page).getByRole('link', { name: new RegExp(`Mine ${tag} 2`) })).toBeVisible();
  await expect(page).toHaveURL(/view=\d+$/);
  await expect(page.getByRole('heading', { name: `Mine ${tag}` })).toBeVisible();
  await expectAccessible(page, 'a list with saved views');

  // Changed, it is marked; reset, it is as it was.
  await page.locator('#filter-add').click();
  const condition = page.getByRole('dialog', { name: 'Add a condition' });
  await condition.getByLabel('Field').selectOption('priority');
  await condition.getByLabel('Value').selectOption('5');
  await condition.getByRole('button', { name: 'Add', exact: true }).click();
  await expect.poll(() => total(page)).toBe(1);
  await page.getByRole('button', { name: 'Changed, not saved' }).click();
  await page.getByRole('menuitem', { name: 'Reset' }).click();
  await expect.poll(() => total(page)).toBe(2);
  await expect(page.getByRole('button', { name: 'Changed, not saved' })).toHaveCount(0);

  // For everyone: a colleague sees it come.
  const other = await browser.newPage();
  await signIn(other, demo, 1);
  await page.getByRole('button', { name: 'Actions for this view' }).click();
  await page.getByRole('menuitem', { name: 'Name and sharing…' }).click();
  const sharing = page.getByRole('dialog', { name: 'Name and sharing…' });
  await sharing.getByLabel('Who has it').selectOption('Everyone');
  await sharing.getByLabel('Name').fill(`Ours ${tag}`);
  await sharing.getByRole('button', { name: 'Save' }).click();
  await expect(views(page).getByRole('link', { name: new RegExp(`Ours ${tag}`) })).toBeVisible();
  await expect(views(other).getByRole('link', { name: new RegExp(`Ours ${tag}`) })).toBeVisible();

  await page.getByRole('button', { name: 'Actions for this view' }).click();
  await page.getByRole('menuitem', { name: 'Delete the view' }).click();
  await expect(views(page).getByRole('link', { name: new RegExp(`Ours ${tag}`) })).toHaveCount(0);
  await expect(views(other).getByRole('link', { name: new RegExp(`Ours ${tag}`) })).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(views(page).getByRole('link', { name: new RegExp(`Ours ${tag}`) })).toBeVisible();
  await other.close();
});

test('a view is pinned, hidden, moved and begun with, for oneself alone', async ({ page, demo }) => {
  await signIn(page, demo);
  const names = async () => (await views(page).getByRole('link').allInnerTexts()).map((text) => text.replace(/\s*[\d+]+\s*$/, '').trim());
  const act = async (name: string) => {
    await page.getByRole('button', { name: 'Actions for this view' }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  await open(page, demo, 'view=waiting');
  const before = await names();
  await act('Pin to the top');
  await expect.poll(async () => (await names())[0]).toBe('Waiting');
  await act('Unpin');
  await expect.poll(names).toEqual(before);
  await act('Move up');
  const place = before.indexOf('Waiting');
  await expect.poll(async () => (await names()).indexOf('Waiting')).toBe(place - 1);
  await act('Hide from the panel');
  await expect(views(page).getByText('Hidden', { exact: true })).toBeVisible();
  await act('Show in the panel');
  // A page that goes away takes its requests with it.
  const kept = page.waitForResponse('**/_fn/views/set_own');
  await act('Begin with this view');
  await kept;
  await page.goto(`${demo.url}/desk/tickets`);
  await hydrated(page);
  await expect(page.getByRole('heading', { name: 'Waiting' })).toBeVisible();
  // The others of this file begin as usual.
  const agent = await AgentApi.signIn(demo);
  await agent.call('views/set_own', { key: 'open', change: 'default' });
});

test('groups have true counts, open and close, and lie within each other', async ({ page, demo }) => {
  await signIn(page, demo);
  const agent = await AgentApi.signIn(demo);
  const tag = `gr${Date.now()}`;
  await tickets(agent, tag, [{ priority: 5 }, { priority: 5 }, { priority: 2 }, {}]);
  await open(page, demo, `view=all&filter=${encodeURIComponent(`tag:${tag}`)}&group=priority`);
  const heads = page.locator('.group-head');
  await expect(heads).toHaveCount(3);
  await expect(heads.locator('.count')).toHaveText(['2', '1', '1']);
  await expect(page.locator('.ticket-row:not(.ticket-head)')).toHaveCount(4);
  await expect.poll(() => total(page)).toBe(4);
  await expectAccessible(page, 'a list in groups');
  await heads.first().click();
  await expect(heads.first()).toHaveAttribute('aria-expanded', 'false');
  await expect(page.locator('.ticket-row:not(.ticket-head)')).toHaveCount(2);

  await page.getByRole('button', { name: 'Group the list by' }).click();
  await page.getByRole('menuitemradio', { name: 'Status', exact: true }).last().click();
  await expect(page).toHaveURL(/group=priority,status/);
  await page.getByRole('button', { name: 'Group the list by' }).click();
  await page.getByRole('menuitem', { name: 'Open all groups' }).click();
  await expect(page.locator('.ticket-group[data-level="2"]')).toHaveCount(3);
  // The keyboard goes through the tickets of open groups.
  await page.keyboard.press('j');
  await expect(page.locator('.ticket-row-current')).toHaveCount(1);

  // What others do moves tickets between groups.
  await page.goto(`${demo.url}/desk/tickets?view=all&filter=${encodeURIComponent(`tag:${tag}`)}&group=priority`);
  await hydrated(page);
  await expect(heads.locator('.count')).toHaveText(['2', '1', '1']);
  await page.mouse.move(5, 5);
  const numbers = await agent.call<{ rows: { number: number; version: number; priority: number }[] }>('items/list', {
    query: { view: 'all', text: `tag:${tag}` },
  });
  const low = numbers.rows.find((row) => row.priority === 2)!;
  await agent.call('items/change', { number: low.number, version: low.version, changes: [{ field: 'priority', value: 5 }] });
  await expect(heads.locator('.count')).toHaveText(['3', '1']);
});

test('a group of more than a page comes whole, also where all of it is seen at once', async ({ page, demo }) => {
  await page.setViewportSize({ width: 1440, height: 2200 });
  await signIn(page, demo);
  const agent = await AgentApi.signIn(demo);
  const tag = `many${Date.now()}`;
  await tickets(agent, tag, Array.from({ length: 53 }, () => ({ priority: 5 })));
  await open(page, demo, `view=all&filter=${encodeURIComponent(`tag:${tag}`)}&group=priority`);
  await expect(page.locator('.group-head .count')).toHaveText(['53']);
  await expect(page.locator('.ticket-row:not(.ticket-head)')).toHaveCount(53);
  await expect(page.locator('.ticket-table .ticket-skeleton')).toHaveCount(0);
});

test('a list by a filter follows what others do', async ({ page, demo }) => {
  await signIn(page, demo);
  const agent = await AgentApi.signIn(demo, demo.accounts[1]);
  const tag = `live${Date.now()}`;
  const [first] = await tickets(agent, tag, [{ priority: 5 }]);
  await open(page, demo, `view=all&filter=${encodeURIComponent(`tag:${tag} priority>=4`)}`);
  const rows = page.locator('.ticket-row:not(.ticket-head)');
  await expect(rows).toHaveCount(1);
  await page.mouse.move(5, 5);
  await tickets(agent, tag, [{ priority: 1 }]);
  await tickets(agent, tag, [{ priority: 4 }]);
  await page.getByRole('button', { name: '1 new' }).click();
  await expect(rows).toHaveCount(2);
  await page.mouse.move(5, 5);
  const { row } = await agent.call<{ row: { version: number } }>('items/get', { number: first });
  await agent.call('items/change', { number: first, version: row.version, changes: [{ field: 'priority', value: 1 }] });
  await expect(rows).toHaveCount(1);
});

test('the address of a filter shows each reader what they may see, and nothing more', async ({ page, demo }) => {
  await signIn(page, demo);
  const owner = await AgentApi.signIn(demo);
  const tag = `may${Date.now()}`;
  const numbers = await tickets(owner, tag, [{ priority: 5 }, { priority: 4 }, { priority: 2 }]);
  const address = `/desk/tickets?view=all&filter=${encodeURIComponent(`tag:${tag} (priority>=4 | title~may)`)}&group=priority`;
  await page.goto(demo.url + address);
  await hydrated(page);
  await expect.poll(() => total(page)).toBe(3);

  const email = `tina.${Date.now()}@taquilla.example`;
  await owner.call('admin/invite_agent', { agent: { name: 'Tina Teams', email, role: 'agent', access: 'teams', teams: [] } });
  await page.goto('about:blank');
  await page.context().clearCookies();
  await page.goto(demo.url + (await demo.link(email)));
  await hydrated(page);
  await page.getByLabel('New password').fill('a secret of Tina for tests');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page).toHaveURL(/\/desk\/tickets/);
  await page.goto(demo.url + address);
  await hydrated(page);
  // She sees no ticket at all yet.
  await expect(page.getByRole('heading', { name: 'No tickets yet' })).toBeVisible();
  await expect(page.locator('.group-head')).toHaveCount(0);

  // One of them becomes hers: the list and its groups show that one.
  const catalog = await owner.call<{ agents: { id: number; name: string }[] }>('items/catalog');
  const tina = catalog.agents.find((agent) => agent.name === 'Tina Teams')!;
  const { row } = await owner.call<{ row: { version: number } }>('items/get', { number: numbers[1] });
  await owner.call('items/change', { number: numbers[1], version: row.version, changes: [{ field: 'agents', value: [tina.id] }] });
  await page.reload();
  await hydrated(page);
  await expect.poll(() => total(page)).toBe(1);
  await expect(page.locator('.group-head .count')).toHaveText(['1']);
  await expect(page.locator('.ticket-row:not(.ticket-head)')).toContainText([`${tag} 1`]);
});
