// The calendar: tickets by one of their dates, in months, weeks and days; and until when they sleep, which can be moved.
import type { Page } from '@playwright/test';
import { AgentApi } from '../support/api';
import type { Desk } from '../support/desk';
import { signIn } from '../support/sign-in';
import { expect, expectAccessible, hydrated, test } from '../support/test';

const DAY = 86_400_000;

/** Tickets of this test alone, which carry a tag of their own. */
async function tickets(demo: Desk, tag: string, count: number): Promise<number[]> {
  const agent = await AgentApi.signIn(demo);
  const numbers: number[] = [];
  for (let at = 0; at < count; at++) {
    const { row } = await agent.call<{ row: { number: number } }>('items/create', { item: { title: `${tag} ${at}`, tags: [tag] } });
    numbers.push(row.number);
  }
  return numbers;
}

async function open(page: Page, demo: Desk, query: string) {
  await page.goto(`${demo.url}/desk/tickets?${query}`);
  await hydrated(page);
  await expect(page.getByRole('grid')).toBeVisible();
}

/** The day so many days after today, where the browser is: 2026-11-20. */
const dayAfter = (page: Page, days: number) =>
  page.evaluate((days) => {
    const zone = document.documentElement.dataset.zone || undefined;
    return new Date(Date.now() + days * 86_400_000).toLocaleDateString('sv-SE', { timeZone: zone });
  }, days);

const cell = (page: Page, day: string) => page.locator(`#day-${day}`);
const title = (page: Page) => page.locator('.calendar-title');

test('a month shows each ticket on its day, pages turn, and the address holds where one is', async ({ page, demo }) => {
  const tag = `mo${Date.now()}`;
  await tickets(demo, tag, 2);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&layout=calendar`);
  const today = cell(page, await dayAfter(page, 0));
  await expect(today).toHaveAttribute('aria-current', 'date');
  await expect(today.locator('.day-link')).toHaveCount(2);
  await expect(today.locator('.day-count')).toHaveText('2');
  await expect(page.locator('.calendar-total')).toHaveText('2 tickets');
  await expectAccessible(page, 'a month');

  // What comes in stands there by itself.
  await tickets(demo, tag, 5);
  await expect(today.locator('.day-count')).toHaveText('7');
  await expect(today.locator('.day-more')).toBeVisible();

  const month = await title(page).innerText();
  await page.getByRole('button', { name: 'Next month' }).click();
  await expect(title(page)).not.toHaveText(month);
  await expect(page).toHaveURL(/day=\d{4}-\d\d-\d\d/);
  await expect(page.locator('.calendar-total')).toHaveText('0 tickets');
  const next = await title(page).innerText();
  await page.reload();
  await hydrated(page);
  await expect(title(page)).toHaveText(next);
  await page.goBack();
  await expect(title(page)).toHaveText(month);
  await page.getByRole('button', { name: 'Previous month' }).click();
  await expect(title(page)).not.toHaveText(month);
  await page.getByRole('button', { name: 'Today' }).click();
  await expect(title(page)).toHaveText(month);
  await expect(page).not.toHaveURL(/day=/);
});

test('a day that holds much is opened, weeks and days say the time, and a ticket opens beside them', async ({ page, demo }) => {
  const tag = `wk${Date.now()}`;
  const numbers = await tickets(demo, tag, 7);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&layout=calendar`);
  const day = await dayAfter(page, 0);
  await cell(page, day).locator('.day-more').click();
  await expect(page).toHaveURL(/calendar=created\.day/);
  await expect(page.locator('.day-link')).toHaveCount(7);
  await expect(page.locator('.day-time').first()).toHaveText(/^\d\d:\d\d$/);
  await expectAccessible(page, 'a day');
  await page.getByRole('button', { name: 'Week', exact: true }).click();
  await expect(page).toHaveURL(/calendar=created\.week/);
  await expect(page.getByRole('gridcell')).toHaveCount(7);
  await expect(cell(page, day).locator('.day-link')).toHaveCount(7);
  await expectAccessible(page, 'a week');
  await cell(page, day).locator('.day-link').first().click();
  await expect(page).toHaveURL(new RegExp(`/desk/tickets/${numbers[0]}\\?.*layout=calendar`));
  await expect(page.locator('.ticket-panel')).toContainText(`#${numbers[0]}`);
  await expect(cell(page, day).locator('.day-item-open')).toHaveCount(1);
  // By another date.
  await page.locator('#calendar-by-button').click();
  await page.getByRole('menuitemradio', { name: 'Resolved' }).click();
  await expect(page).toHaveURL(/calendar=resolved\.week/);
  await expect(page.locator('.day-link')).toHaveCount(0);
  await expect(page.locator('.day-item[draggable="true"]')).toHaveCount(0);
});

test('a ticket that sleeps is moved by mouse, by keyboard and in a dialog, and comes back', async ({ page, demo }) => {
  const tag = `sn${Date.now()}`;
  const [number] = await tickets(demo, tag, 1);
  const agent = await AgentApi.signIn(demo);
  const until = async () => {
    const { row } = await agent.call<{ row: { away?: { snoozed_until: number } } }>('items/get', { number });
    return row.away?.snoozed_until;
  };
  // A day in the middle of a week of the month after, so that there is room on all sides.
  const middle = new Date();
  middle.setMonth(middle.getMonth() + 1, 15);
  middle.setHours(10, 30, 0, 0);
  while (middle.getDay() !== 3) middle.setTime(middle.getTime() - DAY);
  const first = middle.getTime();
  await agent.call('items/snooze', { number, until: first });
  const day = middle.toISOString().slice(0, 10);
  const other = (days: number) => new Date(first + days * DAY).toISOString().slice(0, 10);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&layout=calendar&calendar=snoozed.month&day=${day}`);
  await expect(cell(page, day).locator('.day-link')).toHaveCount(1);
  await expectAccessible(page, 'a calendar of what sleeps');

  await cell(page, day).locator('.day-item').dragTo(cell(page, other(1)));
  await expect(cell(page, other(1)).locator('.day-link')).toHaveCount(1);
  await expect.poll(until).toBe(first + DAY);
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(cell(page, day).locator('.day-link')).toHaveCount(1);
  await expect.poll(until).toBe(first);

  await cell(page, day).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(cell(page, other(1)).locator('.day-link')).toBeFocused();
  await page.keyboard.press('Shift+ArrowDown');
  await expect.poll(until).toBe(first + 8 * DAY);
  await expect(cell(page, other(8)).locator('.day-link')).toHaveCount(1);

  await cell(page, other(8)).locator('.day-item').hover();
  await page.getByRole('button', { name: `Snooze #${number} until another day` }).first().click();
  const dialog = page.getByRole('dialog', { name: `Snooze #${number} until another day` });
  await expect(dialog.getByLabel('Until')).toHaveValue(other(8));
  await expectAccessible(page, 'the dialog of another day');
  await dialog.getByLabel('Until').fill(other(2));
  await dialog.getByRole('button', { name: 'Move' }).click();
  await expect(cell(page, other(2)).locator('.day-link')).toHaveCount(1);
  await expect.poll(until).toBe(first + 2 * DAY);

  // What has passed is no day to sleep until.
  await page.getByRole('button', { name: `Snooze #${number} until another day` }).first().click({ force: true });
  await dialog.getByLabel('Until').fill('2020-01-01');
  await dialog.getByRole('button', { name: 'Move' }).click();
  await expect(page.getByText('A ticket is snoozed until a time that has not passed')).toBeVisible();
  await expect.poll(until).toBe(first + 2 * DAY);
});

test('the calendar is used without a mouse', async ({ page, demo }) => {
  const tag = `kb${Date.now()}`;
  const numbers = await tickets(demo, tag, 2);
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&layout=calendar`);
  const today = await dayAfter(page, 0);
  await page.keyboard.press('t');
  await expect(cell(page, today)).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(cell(page, await dayAfter(page, 1))).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(cell(page, await dayAfter(page, 8))).toBeFocused();
  const month = await title(page).innerText();
  await page.keyboard.press('PageDown');
  await expect(title(page)).not.toHaveText(month);
  await expect(page.getByRole('gridcell', { selected: true })).toBeFocused();
  await page.keyboard.press('t');
  await expect(cell(page, today)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(cell(page, today).locator('.day-link').first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(cell(page, today).locator('.day-link').nth(1)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(cell(page, today)).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/desk/tickets/${numbers[0]}\\?`));
});

test('a month on a phone shows dots, and the tickets of a day below', async ({ page, demo }) => {
  const tag = `ph${Date.now()}`;
  await tickets(demo, tag, 2);
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page, demo);
  await open(page, demo, `view=all&filter=tags:${tag}&layout=calendar`);
  const today = await dayAfter(page, 0);
  await expect(cell(page, today).locator('.day-dots .status-dot')).toHaveCount(2);
  const agenda = page.locator('.calendar-agenda');
  await expect(agenda.locator('.day-link')).toHaveCount(2);
  await expectAccessible(page, 'a month on a phone');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await cell(page, await dayAfter(page, -1)).or(cell(page, await dayAfter(page, 1))).first().click();
  await expect(agenda).toContainText('No tickets on this day.');
  await page.getByRole('button', { name: 'Week', exact: true }).click();
  await expect(page.getByRole('gridcell')).toHaveCount(7);
  await expectAccessible(page, 'a week on a phone');
});

test.describe('what does not come', () => {
  test.use({ expectedErrors: ['503 (Service Unavailable)'] });
  test('days that do not come say so and are asked for again', async ({ page, demo }) => {
    const tag = `er${Date.now()}`;
    await tickets(demo, tag, 1);
    await signIn(page, demo);
    const body = JSON.stringify({ code: 'unavailable', key: 'error_unavailable', params: {}, fields: [] });
    await page.route('**/_fn/items/calendar', (route) => route.fulfill({ status: 503, contentType: 'application/json', body }));
    await page.goto(`${demo.url}/desk/tickets?view=all&filter=tags:${tag}&layout=calendar`);
    await hydrated(page);
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
    await expectAccessible(page, 'a calendar that did not come');
    await page.unroute('**/_fn/items/calendar');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.locator('.calendar-grid .day-link')).toHaveCount(1);
  });
});
