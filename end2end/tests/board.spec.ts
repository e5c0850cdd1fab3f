// The board: lanes that cross its columns, with true numbers; cards that go from lane to lane by mouse and by keyboard; and limits of
// columns, which are part of the view and told when they are passed.
import type { Locator, Page } from '@playwright/test';
import { AgentApi } from '../support/api';
import type { Desk } from '../support/desk';
import { signIn } from '../support/sign-in';
import { expect, expectAccessible, hydrated, test } from '../support/test';

interface Agent {
  id: number;
  name: string;
}

/** Two agents, in the order of their names. */
async function two(agent: AgentApi): Promise<Agent[]> {
  const { agents } = await agent.call<{ agents: Agent[] }>('items/catalog');
  return agents.slice(0, 2).sort((one, other) => one.name.localeCompare(other.name));
}

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
  await expect(page.locator('.board-head').first()).toBeVisible();
}

const lanes = (page: Page) => page.locator('.board-lane');
const cell = (page: Page, lane: number, column: number) => lanes(page).nth(lane).locator('.board-cell').nth(column);
const heads = (page: Page) => page.locator('.board-head .count').allInnerTexts();
/** How many are in each lane, and in each place of it. */
const numbers = (page: Page) =>
  lanes(page).evaluateAll((all) =>
    all.map((lane) => [
      Number(lane.querySelector('.group-head .count')?.textContent),
      ...[...lane.querySelectorAll('.board-cell')].map((cell) => Number(cell.querySelector('.lane-count')?.textContent ?? 0)),
    ]),
  );

test('lanes cross the columns with true numbers, and what is in them', async ({ page, demo }) => {
  const agent = await AgentApi.signIn(demo);
  const [ana, ben] = await two(agent);
  const tag = `la${Date.now()}`;
  const many = Array.from({ length: 16 }, () => ({ priority: 4, agents: [ben.id] }));
  await tickets(agent, tag, [{ priority: 5, agents: [ana.id] }, { priority: 5, agents: [ben.id] }, { priority: 3 }, ...many]);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&layout=board&group=priority`);
  await expect(page.locator('.board-column')).toHaveCount(6);

  // Lanes are chosen where the columns are.
  await page.locator('#tickets-group-button').click();
  const entries = page.locator('#tickets-group .menu-item, #tickets-group .menu-label');
  const texts = await entries.allInnerTexts();
  expect(texts).toContain('Lanes');
  await page.locator('#tickets-group [role=menuitemradio]', { hasText: /^Assigned agents$/ }).last().click();
  await expect(page).toHaveURL(/group=priority,agents/);
  await expect.poll(() => numbers(page)).toEqual([
    [1, 1, 0, 0, 0, 0, 0],
    [17, 1, 16, 0, 0, 0, 0],
    [1, 0, 0, 1, 0, 0, 0],
  ]);
  await expect.poll(() => heads(page)).toEqual(['2', '16', '1', '0', '0', '0']);
  await expect(page.locator('.list-total')).toHaveText('19 tickets');
  await expect(lanes(page).nth(0)).toHaveAttribute('aria-label', ana.name);
  await expect(cell(page, 0, 0)).toHaveAttribute('aria-label', new RegExp(`^${ana.name}, `));
  await expectAccessible(page, 'a board with lanes');

  // A full place is as high as its lane and goes on loading when it is scrolled.
  const full = cell(page, 1, 1).locator('.vlist');
  expect(await cell(page, 1, 1).evaluate((place) => place.clientHeight)).toBeLessThan(400);
  const titles = new Set<string>();
  for (let step = 0; step < 8; step++) {
    for (const title of await full.locator('.ticket-link').allInnerTexts()) titles.add(title);
    await full.evaluate((list) => list.scrollBy(0, 288));
    await page.waitForTimeout(150);
  }
  expect(titles.size).toBe(16);

  // A lane is folded, and stays so.
  await lanes(page).nth(1).getByRole('button', { name: ben.name }).click();
  await expect(lanes(page).nth(1).locator('.board-cell')).toHaveCount(0);
  await page.reload();
  await hydrated(page);
  await expect(lanes(page)).toHaveCount(3);
  await expect(lanes(page).nth(1).locator('.board-cell')).toHaveCount(0);
  await expect(lanes(page).nth(0).locator('.card-place')).toHaveCount(1);
  await lanes(page).nth(1).getByRole('button', { name: ben.name }).click();
  await expect(full.locator('.card-place').first()).toBeVisible();

  // What others do is seen.
  await tickets(agent, tag, [{ priority: 1, agents: [ana.id] }]);
  await expect.poll(async () => (await numbers(page))[0]).toEqual([2, 1, 0, 0, 0, 1, 0]);
  await expect.poll(() => heads(page)).toEqual(['2', '16', '1', '0', '1', '0']);
});

test('a card goes to another lane and column by mouse and by keyboard, and comes back', async ({ page, demo }) => {
  const agent = await AgentApi.signIn(demo);
  const [ana, ben] = await two(agent);
  const tag = `lm${Date.now()}`;
  const [first] = await tickets(agent, tag, [{ priority: 5, agents: [ana.id] }, { priority: 4, agents: [ben.id] }]);
  const now = async () => {
    const { row } = await agent.call<{ row: { priority: number; agents: number[] } }>('items/get', { number: first });
    return [row.priority, ...row.agents];
  };
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&layout=board&group=priority,agents`);
  const before = [
    [1, 1, 0, 0, 0, 0, 0],
    [1, 0, 1, 0, 0, 0, 0],
  ];
  await expect.poll(() => numbers(page)).toEqual(before);
  await expect(cell(page, 0, 0).locator('.card-place')).toBeVisible();

  // To another lane and column at once: one request, one way back.
  const requests: string[] = [];
  page.on('request', (request) => request.url().endsWith('/items/change') && requests.push(request.postData() ?? ''));
  await cell(page, 0, 0).locator('.card-place').dragTo(cell(page, 1, 2));
  await expect.poll(() => numbers(page)).toEqual([[2, 0, 1, 1, 0, 0, 0]]);
  await expect.poll(now).toEqual([3, ben.id]);
  expect(requests).toHaveLength(1);
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect.poll(now).toEqual([5, ana.id]);
  await expect.poll(() => numbers(page)).toEqual(before);

  // By keyboard: down to the next lane, right to the next column, and back up from the edge of a lane.
  await page.keyboard.press('j');
  await expect(page.locator('.board-card-current')).toContainText(`${tag} 0`);
  await page.keyboard.press('Shift+ArrowDown');
  await expect.poll(now).toEqual([5, ben.id]);
  await expect.poll(() => numbers(page)).toEqual([[2, 1, 1, 0, 0, 0, 0]]);
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(now).toEqual([4, ben.id]);
  await expect.poll(() => numbers(page)).toEqual([[2, 0, 2, 0, 0, 0, 0]]);
  await agent.call('items/create', { item: { title: `${tag} 2`, tags: [tag], priority: 4, agents: [ana.id] } });
  await expect.poll(async () => (await numbers(page)).length).toBe(2);
  await expect(cell(page, 0, 1).locator('.card-place')).toHaveCount(1);
  await expect(cell(page, 1, 1).locator('.card-place')).toHaveCount(2);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('.board-card-current')).toContainText(`${tag} 2`);
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('.board-card-current')).not.toContainText(`${tag} 2`);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('Take the card to the next lane');
});

test('a lane that nothing can be given takes no card, and a type only takes a status of its own', async ({ page, demo }) => {
  const agent = await AgentApi.signIn(demo);
  const tag = `lr${Date.now()}`;
  const { types } = await agent.call<{ types: { id: number; statuses: { id: number }[] }[] }>('items/catalog');
  const [one, other] = types;
  await tickets(agent, tag, [{ type_id: one.id, status_id: one.statuses[0].id }, { type_id: other.id, status_id: other.statuses[1].id }]);
  await signIn(page, demo);
  // So wide that nothing is scrolled while a card is dragged.
  await page.setViewportSize({ width: 5200, height: 900 });
  await open(page, demo, `view=all&filter=tags:${tag}&layout=board&group=status,type`);
  await expect(lanes(page)).toHaveCount(2);
  await expect(page.locator('.card-place')).toHaveCount(2);
  // Further columns are drawn when their place is near, so only the places of the cards are looked at.
  const place = async (lane: number) => (await numbers(page))[lane].slice(1).indexOf(1);
  const before = [await place(0), await place(1)];
  const from = cell(page, 0, before[0]);
  // The same status is none of the other type.
  await from.locator('.card-place').dragTo(cell(page, 1, before[0]));
  expect([await place(0), await place(1)]).toEqual(before);
  await page.keyboard.press('j');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.locator('.toast')).toContainText('does not take this ticket');
  expect([await place(0), await place(1)]).toEqual(before);
  // Type and status go together.
  await from.locator('.card-place').dragTo(cell(page, 1, before[1]));
  await expect.poll(() => numbers(page)).toHaveLength(1);
});

test('the limit of a column is set, told when it is passed, and kept with the view', async ({ page, demo }) => {
  const agent = await AgentApi.signIn(demo);
  const tag = `li${Date.now()}`;
  await tickets(agent, tag, [{ priority: 5 }, { priority: 5 }, { priority: 4 }]);
  const { key } = await agent.call<{ key: string }>('views/create', {
    view: { name: tag, scope: 'me', text: `tags:${tag}`, settings: 'group=priority&layout=board' },
  });
  await signIn(page, demo);
  await open(page, demo, `view=${key}`);
  await expect.poll(() => heads(page)).toEqual(['2', '1', '0', '0', '0', '0']);
  const head = (at: number): Locator => page.locator('.board-head').nth(at);
  const set = async (at: number, most: string) => {
    await head(at).locator('.board-menu').click();
    await page.getByRole('menuitem', { name: 'Limit…' }).click();
    await page.getByRole('dialog').getByLabel('Most tickets in this column').fill(most);
    await page.keyboard.press('Enter');
  };
  await set(0, '0');
  await expect(page.getByRole('dialog')).toContainText('A whole number from 1 to 999');
  await expectAccessible(page, 'the dialog of a limit');
  await page.keyboard.press('Escape');

  await set(0, '2');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect.poll(() => heads(page)).toEqual(['2 / 2', '1', '0', '0', '0', '0']);
  await expect(page).toHaveURL(/limits=priority:5:2/);
  await expect(head(0)).not.toHaveClass(/board-past/);

  // More is allowed, and told.
  await page.locator('.board-column').nth(1).locator('.card-place').dragTo(page.locator('.board-column').nth(0));
  await expect.poll(() => heads(page)).toEqual(['3 / 2', '0', '0', '0', '0', '0']);
  await expect(page.locator('.toast', { hasText: 'now holds 3 tickets; its limit is 2.' })).toBeVisible();
  await expect(head(0)).toHaveClass(/board-past/);
  await expect(head(0).locator('.icon').first()).toBeVisible();
  await expect(head(0)).toContainText('1 over the limit');
  await expectAccessible(page, 'a board with a limit that is passed');

  // It is part of the view once it is saved, and of the address before.
  await page.reload();
  await hydrated(page);
  await expect.poll(() => heads(page)).toEqual(['3 / 2', '0', '0', '0', '0', '0']);
  await page.locator('#view-save-button').click();
  await page.getByRole('menuitem', { name: 'Save the view' }).click();
  await expect(page).not.toHaveURL(/limits=/);
  await expect.poll(() => heads(page)).toEqual(['3 / 2', '0', '0', '0', '0', '0']);

  // Other columns have none; lanes leave it as it is.
  await open(page, demo, `view=${key}&group=type`);
  await expect.poll(async () => (await heads(page)).some((text) => text.includes('/'))).toBe(false);
  await open(page, demo, `view=${key}&group=priority,type`);
  await expect.poll(() => heads(page)).toEqual(['3 / 2', '0', '0', '0', '0', '0']);

  // It is removed, for this person alone.
  await head(0).locator('.board-menu').click();
  await page.getByRole('menuitem', { name: 'Remove the limit' }).click();
  await expect.poll(() => heads(page)).toEqual(['3', '0', '0', '0', '0', '0']);
  await expect(page).toHaveURL(/limits=(&|$)/);
});

test('on a phone lanes scroll both ways and their names stay in sight', async ({ page, demo }) => {
  const agent = await AgentApi.signIn(demo);
  const [ana, ben] = await two(agent);
  const tag = `lp${Date.now()}`;
  await tickets(agent, tag, [{ priority: 5, agents: [ana.id] }, { priority: 2, agents: [ben.id] }]);
  await signIn(page, demo);
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, demo, `view=all&filter=tags:${tag}&layout=board&group=priority,agents`);
  await expect.poll(() => numbers(page)).toHaveLength(2);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await expectAccessible(page, 'lanes on a phone');
  await page.locator('#board').evaluate((board) => board.scrollTo(900, 0));
  await expect(cell(page, 1, 3).locator('.card-place')).toBeInViewport();
  await expect(lanes(page).nth(1).getByRole('button', { name: ben.name })).toBeInViewport();
});
