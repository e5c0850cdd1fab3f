// What is done in the table and in the list of two lines: changing a ticket in its cells, moving rows from group to group, numbers of
// groups, and groups that stay as one has left them.
import type { Page } from '@playwright/test';
import { AgentApi } from '../support/api';
import type { Desk } from '../support/desk';
import { signIn } from '../support/sign-in';
import { expect, expectAccessible, hydrated, test } from '../support/test';

/** Tickets of this test alone, which carry a tag of their own. */
async function tickets(demo: Desk, tag: string, items: object[]): Promise<number[]> {
  const agent = await AgentApi.signIn(demo);
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
}

const cell = (page: Page, title: string, key: string) => page.locator('.ticket-row', { hasText: title }).locator(`[data-cell=${key}]`);

test('a ticket is changed in its cells by mouse, and none is opened by that', async ({ page, demo }) => {
  const tag = `ce${Date.now()}`;
  const [number] = await tickets(demo, tag, [{ priority: 2 }, {}]);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&columns=number,title,priority,status,agents,tags`);
  const change = async (key: string) => {
    await cell(page, `${tag} 0`, key).hover();
    await cell(page, `${tag} 0`, key).getByRole('button').click();
  };
  await change('priority');
  await expectAccessible(page, 'the editor of a cell');
  await page.getByRole('menuitemradio').nth(0).click();
  await expect(cell(page, `${tag} 0`, 'priority')).toContainText('★★★★★');
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(cell(page, `${tag} 0`, 'priority').locator('.stars')).toHaveText('★★');

  await change('title');
  await page.locator('#cell-input').fill(`${tag} 0 renamed`);
  await page.keyboard.press('Enter');
  await expect(cell(page, `${tag} 0 renamed`, 'title')).toBeVisible();
  await change('tags');
  await page.locator('#cell-input').fill('urgent');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(cell(page, `${tag} 0`, 'tags')).toContainText('urgent');
  await expect(page).toHaveURL(/\/desk\/tickets\?/);
  const agent = await AgentApi.signIn(demo);
  const { row } = await agent.call<{ row: { title: string; tags: string[] } }>('items/get', { number });
  expect([row.title, row.tags.includes('urgent')]).toEqual([`${tag} 0 renamed`, true]);
});

test('cells are reached and changed by keyboard alone', async ({ page, demo }) => {
  const tag = `ck${Date.now()}`;
  await tickets(demo, tag, [{}, {}]);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&sort=number&columns=number,title,priority,status`);
  await expect(page.locator('.vlist-body .ticket-row')).toHaveCount(2);
  await page.keyboard.press('j');
  await page.keyboard.press('F2');
  await expect(cell(page, `${tag} 0`, 'title')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(cell(page, `${tag} 0`, 'priority')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(cell(page, `${tag} 0`, 'priority')).toContainText('★★★★★');
  await expect(cell(page, `${tag} 0`, 'priority')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(cell(page, `${tag} 1`, 'priority')).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('F2');
  await page.locator('#cell-input').fill('');
  await page.keyboard.press('Enter');
  await expect(page.locator('#cell-wrong')).not.toBeEmpty();
  await page.keyboard.press('Escape');
  await expect(cell(page, `${tag} 1`, 'title')).toBeFocused();
  await page.keyboard.press('F2');
  await page.locator('#cell-input').fill(`${tag} 1 by key`);
  await page.keyboard.press('Tab');
  await expect(cell(page, `${tag} 1 by key`, 'priority')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('#tickets')).toBeFocused();
  await expect(page).toHaveURL(/\/desk\/tickets\?/);
});

test.describe('a change that does not go through', () => {
  test.use({ expectedErrors: ['503 (Service Unavailable)'] });
  test('comes back with the reason', async ({ page, demo }) => {
    const tag = `cr${Date.now()}`;
    await tickets(demo, tag, [{ priority: 1 }]);
    await signIn(page, demo);
    await open(page, demo, `view=all&filter=tags:${tag}`);
    await page.route('**/_fn/items/change', (route) => route.fulfill({ status: 503, body: '' }));
    await cell(page, `${tag} 0`, 'priority').hover();
    await cell(page, `${tag} 0`, 'priority').getByRole('button').click();
    await page.getByRole('menuitemradio').nth(1).click();
    await expect(page.locator('.toast').first()).toBeVisible();
    await expect(cell(page, `${tag} 0`, 'priority').locator('.stars')).toHaveText('★');
  });
});

test('groups tell their numbers, are ordered by them, and stay as one has left them', async ({ page, demo }) => {
  const tag = `gm${Date.now()}`;
  await tickets(demo, tag, [{ priority: 5 }, { priority: 3 }, { priority: 3 }]);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&group=priority`);
  await page.locator('#tickets-group-button').click();
  await page.getByRole('menuitemradio', { name: 'Average priority' }).click();
  await expect(page).toHaveURL(/measures=average-priority/);
  const heads = page.locator('.group-head');
  await expect(heads.nth(0)).toContainText('5.0');
  await expect(page.locator('.list-foot')).toContainText('3 tickets');
  await expect(page.locator('.list-foot')).toContainText('3.7');
  await page.locator('#tickets-group-button').click();
  await page.getByRole('menuitemradio', { name: 'Lowest number first' }).click();
  await expect(heads.nth(0)).toContainText('3.0');
  await expectAccessible(page, 'a list in groups with numbers');
  await heads.nth(0).click();
  await expect(page.locator('.vlist-body .ticket-row')).toHaveCount(1);
  await page.reload();
  await hydrated(page);
  await expect(page.locator('.vlist-body .ticket-row')).toHaveCount(1);
  await expect(heads.nth(0)).toHaveAttribute('aria-expanded', 'false');
  await heads.nth(0).click();
  await expect(page.locator('.vlist-body .ticket-row')).toHaveCount(3);
});

test('a row is dragged to another group', async ({ page, demo }) => {
  const tag = `dr${Date.now()}`;
  await tickets(demo, tag, [{ priority: 5 }, { priority: 3 }]);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&group=priority`);
  const heads = page.locator('.group-head');
  await expect(heads).toHaveCount(2);
  await page.locator('.ticket-row', { hasText: `${tag} 1` }).locator('.cell-status').dragTo(heads.nth(0));
  await expect(heads).toHaveCount(1);
  await expect(heads.nth(0).locator('.count')).toHaveText('2');
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(heads).toHaveCount(2);
});

test('the list of two lines shows how messages begin, and what is done with a ticket', async ({ page, demo }) => {
  const tag = `tl${Date.now()}`;
  const [number] = await tickets(demo, tag, [{ description: '<p>It is <b>stuck</b> again</p>' }, {}]);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&layout=list&sort=number`);
  const rows = page.locator('.triage-row');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(0)).toContainText('It is stuck again');
  const agent = await AgentApi.signIn(demo);
  await agent.call('items/write', { message: { item: number, kind: 'reply', html: '<p>Have you tried tray 2?</p>', idempotency_key: crypto.randomUUID() } });
  await expect(rows.nth(0)).toContainText('Have you tried tray 2?', { timeout: 20_000 });
  await expectAccessible(page, 'the list of two lines');

  await rows.nth(0).hover();
  await rows.nth(0).getByRole('button', { name: `Assign to me: #${number}` }).click();
  await expect(rows.nth(0).locator('.avatar').first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Tab');
  await rows.nth(0).getByRole('button', { name: `Snooze: #${number}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: /tomorrow/i }).click();
  const sleeps = async () => (await agent.call<{ row: { away?: { snoozed_until?: number } } }>('items/get', { number })).row.away?.snoozed_until ?? 0;
  await expect.poll(sleeps).toBeGreaterThan(Date.now());
  await page.locator('.toast', { hasText: /snoozed/i }).getByRole('button', { name: 'Undo' }).click();
  await expect.poll(sleeps).toBe(0);
  await expect(rows).toHaveCount(2);
  await rows.nth(0).locator('.triage-title').click();
  await expect(page).toHaveURL(new RegExp(`/desk/tickets/${number}`));
});
