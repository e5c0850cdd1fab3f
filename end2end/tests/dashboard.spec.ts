// The dashboard: its numbers are those of the list, each leads to its tickets, and its cards are arranged by mouse and by keyboard.
import type { Locator, Page } from '@playwright/test';
import { AgentApi } from '../support/api';
import type { Desk } from '../support/desk';
import { signIn } from '../support/sign-in';
import { expect, expectAccessible, hydrated, test } from '../support/test';

/** Tickets of this test alone, which carry a tag of their own. */
async function tickets(demo: Desk, tag: string, items: object[]): Promise<AgentApi> {
  const agent = await AgentApi.signIn(demo);
  for (const [at, item] of items.entries()) {
    await agent.call('items/create', { item: { title: `${tag} ${at}`, tags: [tag], ...item } });
  }
  return agent;
}

async function open(page: Page, demo: Desk, query: string) {
  await page.goto(`${demo.url}/desk/tickets?${query}&layout=dashboard`);
  await hydrated(page);
  await expect(page.locator('.dashboard')).toBeVisible();
}

const cards = (page: Page) => page.locator('.dash-card');
const card = (page: Page, name: string) => page.getByRole('article', { name, exact: true });
const names = (page: Page) => cards(page).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));

/** The numbers of the bars or parts of a card. */
async function counts(card: Locator): Promise<number[]> {
  await expect(card.locator('.dash-value').first()).toBeVisible();
  return (await card.locator('.dash-value').allInnerTexts()).map(Number);
}

test('numbers are those of the list, and each group leads to its tickets', async ({ page, demo }) => {
  const tag = `da${Date.now()}`;
  const agent = await tickets(demo, tag, [{ priority: 5 }, { priority: 5 }, { priority: 2 }, {}]);
  await signIn(page, demo);
  const query = `view=all&filter=tags:${tag}`;
  await open(page, demo, `${query}&cards=number.1,number.1::average-priority,bar.2:priority,donut.2:priority,line.4:created.day,table.2:status`);
  const list = { view: 'all', instead: `tags:${tag}` };
  expect(await agent.call('items/total', { query: list })).toBe(4);
  await expect(card(page, 'Tickets').locator('.dash-figure')).toHaveText('4');
  await expect(card(page, 'Average priority').locator('.dash-figure')).toHaveText('4.0');
  const groups = await agent.call<{ groups: { count: number }[] }>('items/groups', { query: list, by: 'priority', order: 'natural', empty: false, measures: [] });
  expect(await counts(cards(page).nth(2))).toEqual(groups.groups.map((group) => group.count));
  await expect(cards(page).nth(3).locator('.dash-arc')).toHaveCount(3);
  await expect(cards(page).nth(4).locator('.dash-plot')).toHaveAccessibleName(/4$/);
  await expectAccessible(page, 'a dashboard');

  // The twin of a drawing, in rows.
  const line = cards(page).nth(4);
  await line.getByRole('button', { name: 'Show as table' }).click();
  await expect(line.getByRole('row')).toHaveCount(2);
  await expect(line.getByRole('row').nth(1).getByRole('cell').first()).toHaveText('4');
  await expectAccessible(page, 'a chart as a table');

  // A bar leads to its tickets, and back.
  await cards(page).nth(2).locator('a.dash-bar').first().click();
  await expect(page.locator('.list-total')).toContainText('2 ');
  await expect(page.locator('.vlist-body .ticket-row')).toHaveCount(2);
  await page.goBack();
  await expect(cards(page)).toHaveCount(6);
  await open(page, demo, `${query}&cards=number.1`);
  await card(page, 'Tickets').locator('a.dash-figure').click();
  await expect(page.locator('.vlist-body .ticket-row')).toHaveCount(4);
});

test('cards are added, changed, moved and removed, and are kept with the view', async ({ page, demo }) => {
  await signIn(page, demo);
  await open(page, demo, 'view=all');
  await expect(cards(page)).toHaveCount(8);
  await expect(page.locator('.dash-waiting')).toHaveCount(0);
  await expectAccessible(page, 'the usual dashboard');

  // By keyboard alone.
  await page.getByRole('button', { name: 'Card “Tickets”' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Move later' }).press('Enter');
  await expect.poll(async () => (await names(page)).slice(0, 2)).toEqual(['Average first response', 'Tickets']);
  await expect(page).toHaveURL(/cards=number\.1::average-first_response,number\.1,/);
  await expect(page.getByRole('button', { name: 'Card “Tickets”' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitemradio', { name: '2 columns' }).press('Enter');
  await expect(page).toHaveURL(/,number\.2,/);
  await page.getByRole('button', { name: 'Card “Average priority”' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Remove card' }).press('Enter');
  await expect(cards(page)).toHaveCount(7);
  await page.getByRole('button', { name: 'Add card' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New card' });
  await expect(dialog).toBeVisible();
  await expectAccessible(page, 'the dialog of a card');
  await dialog.getByLabel('Show as').selectOption('line');
  await expect(dialog.getByLabel('In steps of')).toBeVisible();
  await dialog.getByLabel('Divided by').selectOption('resolved');
  await dialog.getByLabel('In steps of').selectOption('month');
  await dialog.getByLabel('What is shown').selectOption('average-resolution');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Add card' }).click();
  await expect(page).toHaveURL(/,line\.2:resolved\.month:average-resolution$/);
  await expect(cards(page)).toHaveCount(8);

  // By mouse.
  const before = await names(page);
  await cards(page).nth(4).locator('.dash-head').dragTo(cards(page).nth(5));
  await expect.poll(async () => (await names(page))[5]).toBe(before[4]);

  await page.reload();
  await hydrated(page);
  await expect(cards(page)).toHaveCount(8);
  const kept = await names(page);

  // It is not saved until somebody saves it; then it is part of the view.
  await page.locator('#view-save-button').click();
  await page.getByRole('menuitem', { name: 'Save as a new view' }).click();
  const naming = page.getByRole('dialog');
  await naming.getByLabel('Name').fill(`Numbers ${Date.now()}`);
  await naming.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(/view=\d+$/);
  await expect.poll(() => names(page)).toEqual(kept);
  await page.reload();
  await hydrated(page);
  await expect.poll(() => names(page)).toEqual(kept);
  await page.getByRole('button', { name: 'Usual cards' }).click();
  await expect(page).toHaveURL(/cards=$/);
  await expect.poll(async () => (await names(page))[0]).toBe('Tickets');
});

test('a dashboard follows what happens', async ({ page, demo }) => {
  const tag = `df${Date.now()}`;
  const agent = await tickets(demo, tag, [{ priority: 1 }]);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&cards=number.1,bar.2:priority`);
  await expect(page.locator('a.dash-figure')).toHaveText('1');
  await agent.call('items/create', { item: { title: `${tag} more`, tags: [tag], priority: 4 } });
  await expect(page.locator('a.dash-figure')).toHaveText('2', { timeout: 15_000 });
  await expect(page.locator('a.dash-bar')).toHaveCount(2);
});

test('on a phone cards stand below each other and nothing is cut off', async ({ page, demo }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page, demo);
  await open(page, demo, 'view=all');
  await expect(cards(page)).toHaveCount(8);
  await expect(page.locator('.dash-waiting')).toHaveCount(0);
  const lefts = await cards(page).evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().left)));
  expect(new Set(lefts).size).toBe(1);
  const wide = await page.evaluate(() => {
    const area = document.querySelector('.dashboard');
    return area ? area.scrollWidth - area.clientWidth : -1;
  });
  expect(wide).toBe(0);
  await expectAccessible(page, 'a dashboard on a phone');
});

test.describe('without an answer', () => {
  test.use({ expectedErrors: ['net::ERR_FAILED'] });

  test('a card that is not told says why and is asked for again', async ({ page, demo }) => {
    await signIn(page, demo);
    let fail = true;
    await page.route('**/_fn/items/card', (route) => (fail ? route.abort() : route.continue()));
    await open(page, demo, 'view=all&cards=number.1,bar.2:status');
    const bars = cards(page).nth(1);
    await expect(bars.getByRole('button', { name: 'Try again' })).toBeVisible();
    await expect(card(page, 'Tickets').locator('.dash-figure')).not.toBeEmpty();
    fail = false;
    await bars.getByRole('button', { name: 'Try again' }).click();
    await expect(bars.locator('a.dash-bar').first()).toBeVisible();
  });
});
