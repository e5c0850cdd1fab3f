// What is done with lists that are long or in groups: further groups, further columns, files of some of it, followers of many tickets, and
// numbers of a whole list.
import type { Download, Page } from '@playwright/test';
import { AgentApi } from '../support/api';
import type { Desk } from '../support/desk';
import { signIn } from '../support/sign-in';
import { expect, expectAccessible, hydrated, test } from '../support/test';

/** Tickets of this test alone, which carry a tag of their own. */
async function tickets(demo: Desk, tag: string, items: { tags?: string[]; [field: string]: unknown }[]): Promise<number[]> {
  const agent = await AgentApi.signIn(demo);
  const numbers: number[] = [];
  for (const [at, item] of items.entries()) {
    const whole = { title: `${tag} ${at}`, ...item, tags: [tag, ...(item.tags ?? [])] };
    const { row } = await agent.call<{ row: { number: number } }>('items/create', { item: whole });
    numbers.push(row.number);
  }
  return numbers;
}

async function open(page: Page, demo: Desk, query: string) {
  await page.goto(`${demo.url}/desk/tickets?${query}`);
  await hydrated(page);
}

async function lines(file: Download): Promise<string[]> {
  let text = '';
  for await (const piece of await file.createReadStream()) text += piece;
  return text.replace('\ufeff', '').trim().split('\r\n');
}

/** What an entry of the menu of exports gives. */
async function exported(page: Page, name: string): Promise<string[]> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    (async () => {
      await page.locator('#bulk-export-button').click();
      await page.getByRole('menuitem', { name, exact: true }).click();
    })(),
  ]);
  return lines(file);
}

const group = (page: Page, name: string) => page.locator('.ticket-group').filter({ has: page.locator('.group-name', { hasText: new RegExp(`^${name}$`) }) });

test('groups beyond the first 500 come when one gets there, each once', async ({ page, demo }) => {
  test.slow();
  const tag = `gp${Date.now()}`;
  // As many as stand in 12 tickets: 49 beside the tag of the test.
  const many = (at: number) => Array.from({ length: 49 }, (_, tag) => `z${String(at * 49 + tag).padStart(3, '0')}`);
  await tickets(demo, tag, Array.from({ length: 12 }, (_, at) => ({ tags: many(at) })));
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&group=tags`);
  await page.locator('#tickets-group-button').click();
  await page.getByRole('menuitem', { name: 'Close all groups' }).click();
  const grid = page.locator('#tickets');
  const bottom = () => grid.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  const heights = () => grid.evaluate((element) => Math.round(element.scrollHeight / 32));
  expect(await heights()).toBeLessThan(505);
  await bottom();
  // 588 tags and the one of the test: a line each, and the heads of the columns.
  await expect.poll(heights).toBe(590);
  await bottom();
  await expect(group(page, 'z587')).toBeVisible();
  await expect(page.locator('.group-more')).toHaveCount(0);
});

test.describe('without an answer', () => {
  test.use({ expectedErrors: ['net::ERR_FAILED'] });

  test('a page of groups that does not come is asked for again with the button', async ({ page, demo }) => {
    test.slow();
    const tag = `gf${Date.now()}`;
    const many = (at: number) => Array.from({ length: 49 }, (_, tag) => `y${String(at * 49 + tag).padStart(3, '0')}`);
    await tickets(demo, tag, Array.from({ length: 11 }, (_, at) => ({ tags: many(at) })));
    await signIn(page, demo);
    let fails = true;
    await page.route('**/_fn/items/groups', async (route) => {
      const further = route.request().postData()?.includes('"after":"') ?? false;
      await (further && fails ? route.abort() : route.continue());
    });
    await open(page, demo, `view=all&filter=tags:${tag}&group=tags`);
    await page.locator('#tickets-group-button').click();
    await page.getByRole('menuitem', { name: 'Close all groups' }).click();
    await page.locator('#tickets').evaluate((element) => element.scrollTo(0, element.scrollHeight));
    const more = page.locator('.group-more');
    await expect(more).toContainText('40 groups more.');
    await expectAccessible(page, 'groups that did not come');
    fails = false;
    await more.getByRole('button', { name: 'Show the next ones' }).focus();
    await page.keyboard.press('Enter');
    await expect(more).toHaveCount(0);
  });
});

test('impact and product are columns, and are changed in their cells', async ({ page, demo }) => {
  const tag = `cp${Date.now()}`;
  const [number] = await tickets(demo, tag, [{ channel: 'phone' }]);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&columns=number,title,impact,product,channel,first_response,resolved,snoozed`);
  const cell = (key: string) => page.locator('.vlist-body .ticket-row').locator(`.cell-${key}`);
  await expect(cell('channel')).toHaveText('Phone');
  await cell('impact').hover();
  await cell('impact').getByRole('button').click();
  await page.getByRole('menuitemradio', { name: 'Crisis' }).click();
  await expect(cell('impact')).toContainText('Crisis');
  await cell('product').hover();
  await cell('product').getByRole('button').click();
  await page.locator('#cell-input').fill('LaserJet');
  await page.keyboard.press('Enter');
  await expect(cell('product')).toContainText('LaserJet');
  await expectAccessible(page, 'further columns');
  const agent = await AgentApi.signIn(demo);
  const { row } = await agent.call<{ row: { impact: string; product: string } }>('items/get', { number });
  expect([row.impact, row.product]).toEqual(['crisis', 'LaserJet']);
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(cell('product')).not.toContainText('LaserJet');
});

test('a file has the columns that the table shows, or all, of a group or of everything', async ({ page, demo }) => {
  const tag = `ex${Date.now()}`;
  await tickets(demo, tag, [{ priority: 5 }, { priority: 5 }, { priority: 3 }]);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&columns=title,priority,channel&group=priority&sort=number`);
  await page.getByRole('checkbox', { name: 'Select all of “5 stars”' }).check();
  await expect(page.locator('.selection-count')).toHaveText('2 selected');
  expect(await exported(page, 'Export as CSV')).toEqual(['Title,Priority,Channel', `${tag} 0,5,Agent`, `${tag} 1,5,Agent`]);
  const all = await exported(page, 'Export as CSV, all columns');
  expect(all[0].split(',').length).toBe(20);
  expect(all.length).toBe(3);
});

test('a closed group is chosen as a whole and changed, and nothing else is', async ({ page, demo }) => {
  const tag = `sg${Date.now()}`;
  await tickets(demo, tag, Array.from({ length: 64 }, (_, at) => ({ priority: at < 60 ? 4 : 2 })));
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&group=priority`);
  await page.locator('.group-head').first().click();
  await page.getByRole('checkbox', { name: 'Select all of “4 stars”' }).check();
  await expect(page.locator('.selection-count')).toHaveText('All 60 tickets of “4 stars” selected');
  await expectAccessible(page, 'a chosen group');
  expect((await exported(page, 'Export as CSV')).length).toBe(61);
  await page.locator('#bulk-priority-button').click();
  await page.getByRole('menuitem', { name: /5|★{5}/ }).first().click();
  const run = page.getByRole('region', { name: 'Change of many tickets' });
  await expect(run).toContainText('Priority of 60 tickets changed.');
  const agent = await AgentApi.signIn(demo);
  const count = (stars: number) => agent.call<number>('items/total', { query: { view: 'all', instead: `tags:${tag} priority:${stars}` } });
  expect([await count(5), await count(4), await count(2)]).toEqual([60, 0, 4]);
  await run.getByRole('button', { name: 'Undo' }).click();
  await expect(run).toContainText('Taken back for 60 tickets.');
  expect([await count(5), await count(4)]).toEqual([0, 60]);
});

test('agents follow many tickets and no longer, and that is taken back', async ({ page, demo }) => {
  const tag = `fo${Date.now()}`;
  const numbers = await tickets(demo, tag, [{}, {}, {}]);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}`);
  const agent = await AgentApi.signIn(demo);
  const { agents } = await agent.call<{ agents: { id: number; name: string; state: string }[] }>('items/catalog');
  const other = agents.filter((one) => one.state === 'active')[1];
  const followed = async () => {
    const all = await Promise.all(numbers.map((number) => agent.call<{ following_agents: number[] }>('items/get', { number })));
    return all.filter((one) => one.following_agents.includes(other.id)).length;
  };
  const before = await followed();
  const choose = async (entry: string, title: string) => {
    await page.locator('#bulk-more-button').click();
    await page.getByRole('menuitem', { name: entry }).click();
    const dialog = page.getByRole('dialog', { name: title });
    await expect(dialog).toBeVisible();
    await expectAccessible(page, title);
    await dialog.getByRole('combobox').fill(other.name);
    await dialog.getByRole('option', { name: other.name }).click();
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Save' }).click();
  };
  await page.getByRole('checkbox', { name: /select all/i }).first().check();
  await choose('Add followers…', 'Add followers');
  const run = page.getByRole('region', { name: 'Change of many tickets' });
  await expect(run).toBeVisible();
  await expect.poll(followed).toBe(3);
  await page.getByRole('checkbox', { name: /select all/i }).first().check();
  await choose('Remove followers…', 'Remove followers');
  await expect.poll(followed).toBe(0);
  await run.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(followed).toBe(3);
  expect(before).toBeLessThanOrEqual(3);
});

test('a list that is not in groups is added up at its foot', async ({ page, demo }) => {
  const tag = `fs${Date.now()}`;
  const [first] = await tickets(demo, tag, [{ priority: 5 }, { priority: 2 }, {}]);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}`);
  await expect(page.locator('.list-foot')).toHaveCount(0);
  await page.locator('#tickets-group-button').click();
  await page.getByRole('menuitemradio', { name: 'Average priority' }).click();
  await expect(page).toHaveURL(/measures=average-priority/);
  const foot = page.locator('.list-foot');
  await expect(foot).toContainText('3 tickets');
  await expect(foot).toContainText('3.5');
  await expectAccessible(page, 'a list that is added up');
  await page.reload();
  await hydrated(page);
  await expect(foot).toContainText('3.5');
  // It follows what others do.
  const agent = await AgentApi.signIn(demo);
  const { row } = await agent.call<{ row: { version: number } }>('items/get', { number: first });
  await agent.call('items/change', { number: first, version: row.version, changes: [{ field: 'priority', value: 4 }] });
  await expect(foot).toContainText('3.0');
});
