// How a list is drawn, and what is done with much of it: columns that somebody chose, the board, and changes of everything that a list
// shows.
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

const headers = (page: Page) => page.getByRole('columnheader').filter({ hasText: /./ }).allInnerTexts();

test('columns are chosen, moved and made wider, and are part of the address', async ({ page, demo }) => {
  await signIn(page, demo);
  await open(page, demo, 'view=all');
  await page.locator('#tickets-drawn-button').click();
  await page.getByRole('menuitem', { name: 'Columns', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Columns' });
  await expect(dialog).toBeVisible();
  await expectAccessible(page, 'the dialog of the columns');
  await dialog.getByRole('checkbox', { name: 'Tags' }).check();
  await expect(page).toHaveURL(/columns=.*,tags/);
  await dialog.getByRole('button', { name: 'Move “Tags” to the front' }).click();
  await expect(page).toHaveURL(/columns=[^&]*,tags,updated/);
  await dialog.getByRole('checkbox', { name: 'Priority' }).uncheck();
  await expect(page).not.toHaveURL(/columns=[^&]*priority/);
  await dialog.getByRole('spinbutton', { name: 'Width of “Tags” in pixels' }).fill('203');
  await dialog.getByRole('spinbutton', { name: 'Width of “Tags” in pixels' }).press('Enter');
  await expect(page).toHaveURL(/tags\.200/);
  await page.keyboard.press('Escape');
  expect((await headers(page)).join('|')).toMatch(/Title.*Tags.*Updated/s);
  const width = () => page.getByRole('columnheader', { name: 'Tags' }).evaluate((cell) => cell.getBoundingClientRect().width);
  expect(await width()).toBe(200);

  // By mouse: the edge makes it wider, the header is dropped elsewhere.
  const edge = await page.getByRole('columnheader', { name: 'Tags' }).locator('.column-edge').boundingBox();
  if (!edge) throw new Error('The header has no edge.');
  await page.mouse.move(edge.x + 4, edge.y + 10);
  await page.mouse.down();
  await page.mouse.move(edge.x + 84, edge.y + 10, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/tags\.280/);
  await page.getByRole('columnheader', { name: 'Tags' }).dragTo(page.getByRole('columnheader', { name: 'Title' }));
  await expect(page).toHaveURL(/columns=number,tags\.280,title/);

  // The same for who comes back, and as usual again for who wants that.
  await page.reload();
  await hydrated(page);
  expect(await width()).toBe(280);
  expect(await page.locator('.ticket-row').nth(1).locator('.cell-tags').count()).toBe(1);
  await page.locator('#tickets-drawn-button').click();
  await page.getByRole('menuitemradio', { name: 'Comfortable' }).click();
  await expect.poll(() => page.locator('.vlist-body .ticket-row').first().evaluate((row) => row.getBoundingClientRect().height)).toBe(40);
  await expectAccessible(page, 'a table with chosen columns');
});

test('a card is moved by mouse and by keyboard, only where it may be, and comes back', async ({ page, demo }) => {
  const tag = `bd${Date.now()}`;
  await tickets(demo, tag, [{ priority: 5 }, { priority: 5 }, { priority: 3 }]);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&layout=board&group=priority`);
  const columns = page.locator('.board-column');
  const counts = () => columns.locator('.count').allInnerTexts();
  await expect(columns).toHaveCount(6);
  expect(await counts()).toEqual(['2', '0', '1', '0', '0', '0']);
  await expectAccessible(page, 'the board');

  await columns.nth(0).locator('.card-place').first().dragTo(columns.nth(1).locator('.board-head'));
  await expect.poll(counts).toEqual(['1', '1', '1', '0', '0', '0']);
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect.poll(counts).toEqual(['2', '0', '1', '0', '0', '0']);

  await page.keyboard.press('j');
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(counts).toEqual(['1', '1', '1', '0', '0', '0']);
  await page.reload();
  await hydrated(page);
  await expect.poll(counts).toEqual(['1', '1', '1', '0', '0', '0']);

  // When it was made is nothing that a ticket can be given.
  await open(page, demo, `view=all&filter=tags:${tag}&layout=board&group=tags`);
  await expect(columns.first()).toBeVisible();
  await open(page, demo, `view=all&filter=tags:${tag}&layout=board&group=status`);
  const asked = page.locator('.board-column', { hasText: 'Question' }).filter({ has: page.locator('.card-place') }).first();
  await expect(asked.locator('.card-place').first()).toBeVisible();
  const before = await counts();
  await asked.locator('.card-place').first().dragTo(columns.nth(1).locator('.board-head'));
  await expect.poll(counts).toEqual(before);
});

test('two people see the same board', async ({ page, demo }) => {
  const tag = `tw${Date.now()}`;
  const [number] = await tickets(demo, tag, [{ priority: 2 }]);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&layout=board&group=priority`);
  const counts = () => page.locator('.board-column .count').allInnerTexts();
  await expect.poll(counts).toEqual(['0', '0', '0', '1', '0', '0']);
  const agent = await AgentApi.signIn(demo);
  const { row } = await agent.call<{ row: { version: number } }>('items/get', { number });
  await agent.call('items/change', { number, version: row.version, changes: [{ field: 'priority', value: 4 }] });
  await expect.poll(counts).toEqual(['0', '1', '0', '0', '0', '0']);
});

test('everything that a list shows is changed, told, and taken back', async ({ page, demo }) => {
  const tag = `wh${Date.now()}`;
  await tickets(demo, tag, Array.from({ length: 120 }, (_, at) => ({ priority: at % 2 })));
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}`);
  await expect(page.locator('.list-total')).toContainText('120');
  await page.getByRole('checkbox', { name: /select all/i }).first().click();
  await page.getByRole('button', { name: 'Select all 120 tickets of this list' }).click();
  await expect(page.locator('.selection-count')).toHaveText('All 120 tickets of this list selected');
  await expectAccessible(page, 'the bar of a whole list');
  await page.locator('#bulk-priority-button').click();
  await page.getByRole('menuitem', { name: /5|★{5}/ }).first().click();
  const run = page.getByRole('region', { name: 'Change of many tickets' });
  await expect(run).toContainText('Priority of 120 tickets changed.');
  const five = async () => (await AgentApi.signIn(demo)).call<number>('items/total', { query: { view: 'all', instead: `tags:${tag} priority:5` } });
  expect(await five()).toBe(120);
  await run.getByRole('button', { name: 'Undo' }).click();
  await expect(run).toContainText('Taken back for 120 tickets.');
  expect(await five()).toBe(0);

  const [file] = await Promise.all([
    page.waitForEvent('download'),
    (async () => {
      await page.locator('#bulk-export-button').click();
      await page.getByRole('menuitem', { name: 'Export as CSV', exact: true }).click();
    })(),
  ]);
  const lines = await file.createReadStream().then(async (stream) => {
    let text = '';
    for await (const piece of stream) text += piece;
    return text.trim().split('\n');
  });
  expect(lines.length).toBe(121);
});

test('a ticket that is opened while the page still wakes stands beside the list', async ({ page, demo }) => {
  await signIn(page, demo);
  let go = () => {};
  const wait = new Promise<void>((resolve) => (go = resolve));
  await page.route(/pack_tickets[^/]*\.wasm/, async (route) => {
    await wait;
    // The page may be gone by then.
    await route.continue().catch(() => {});
  });
  await page.goto(`${demo.url}/desk/tickets?view=all`);
  await page.locator('.ticket-row .ticket-link').first().click();
  go();
  await hydrated(page);
  await expect(page).toHaveURL(/\/desk\/tickets\/\d+/);
  await expect(page.locator('.tickets-open > .ticket-panel')).toBeVisible();
});
