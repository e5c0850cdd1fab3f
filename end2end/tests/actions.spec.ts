// What is done with whole tickets: put away and brought back, snoozed, merged and taken apart again, split, cloned, linked, printed.
import type { Page } from '@playwright/test';
import { AgentApi } from '../support/api';
import type { Desk } from '../support/desk';
import { signIn } from '../support/sign-in';
import { expect, expectAccessible, hydrated, test } from '../support/test';

/** Tickets of this test alone. */
async function tickets(demo: Desk, title: string, many: number): Promise<number[]> {
  const agent = await AgentApi.signIn(demo);
  const numbers: number[] = [];
  for (let at = 0; at < many; at += 1) {
    const { row } = await agent.call<{ row: { number: number } }>('items/create', { item: { title: `${title} ${at}`, tags: [title] } });
    numbers.push(row.number);
  }
  return numbers;
}

const panel = (page: Page) => page.locator('.ticket-panel');
const head = (page: Page) => panel(page).locator('.ticket-standing');
const rows = (page: Page) => page.locator('.vlist-body .ticket-row');

async function open(page: Page, demo: Desk, title: string, number: number) {
  await page.goto(`${demo.url}/desk/tickets/${number}?view=all&filter=tags:${title}`);
  await hydrated(page);
  await expect(panel(page)).toContainText(title);
}

async function act(page: Page, name: string) {
  await panel(page).getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name, exact: true }).click();
}

test('a ticket is deleted, marked as spam and snoozed, and each is taken back', async ({ page, demo }) => {
  const title = `away${Date.now()}`;
  const [number] = await tickets(demo, title, 2);
  await signIn(page, demo);
  await open(page, demo, title, number);
  await expect(rows(page)).toHaveCount(2);

  await act(page, 'Delete');
  await expect(head(page)).toContainText('This ticket is deleted');
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(head(page)).toHaveCount(0);

  await act(page, 'Mark as spam');
  await expect(head(page)).toContainText('This ticket is spam');
  await expectAccessible(page, 'a ticket that is spam');
  await head(page).getByRole('button', { name: 'Not spam' }).click();
  await expect(head(page)).toHaveCount(0);

  await act(page, 'Snooze…');
  const dialog = page.getByRole('dialog', { name: 'Snooze', exact: true });
  await expectAccessible(page, 'the dialog of snoozing');
  await dialog.getByRole('button', { name: 'Tomorrow' }).click();
  await expect(dialog).toBeHidden();
  await expect(head(page)).toContainText('Snoozed');
  await page.reload();
  await hydrated(page);
  await expect(head(page)).toContainText('Snoozed');
  await expect(rows(page)).toHaveCount(1);
  await head(page).getByRole('button', { name: 'Stop snoozing' }).click();
  await expect(head(page)).toHaveCount(0);
});

test('many tickets are put away together and brought back from where they lie', async ({ page, demo }) => {
  const title = `many${Date.now()}`;
  await tickets(demo, title, 3);
  await signIn(page, demo);
  const list = async (view: string) => {
    await page.goto(`${demo.url}/desk/tickets?view=${view}&q=tag:${title}`);
    await hydrated(page);
  };
  const bar = page.getByRole('region', { name: 'Selected tickets' });
  const run = page.getByRole('region', { name: 'Change of many tickets' });
  const all = page.getByRole('checkbox', { name: 'Select all loaded tickets' });
  const more = async (name: string) => {
    await bar.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name, exact: true }).click();
  };
  await list('all');
  await expect(rows(page)).toHaveCount(3);
  // Asleep, by the keyboard, and taken back.
  await all.check();
  await page.keyboard.press('h');
  const dialog = page.getByRole('dialog', { name: 'Snooze', exact: true });
  await dialog.getByRole('button', { name: 'Next week' }).click();
  await expect(run).toContainText('3 tickets changed');
  await expect(rows(page)).toHaveCount(0);
  await run.getByRole('button', { name: 'Undo' }).click();
  await expect(rows(page)).toHaveCount(3);

  await all.check();
  await more('Delete');
  await expect(run).toContainText('3 tickets changed');
  await expect(rows(page)).toHaveCount(0);
  await list('deleted');
  await expect(rows(page)).toHaveCount(3);
  await expectAccessible(page, 'what was deleted');
  await all.check();
  await more('Restore');
  await expect(rows(page)).toHaveCount(0);
  await list('all');
  await expect(rows(page)).toHaveCount(3);
  await all.check();
  await more('Mark as spam');
  await expect(rows(page)).toHaveCount(0);
  await list('spam');
  await expect(rows(page)).toHaveCount(3);
});

test('tickets are merged and taken apart, cloned and linked', async ({ page, demo }) => {
  const title = `whole${Date.now()}`;
  const [one, other] = await tickets(demo, title, 2);
  await signIn(page, demo);
  await open(page, demo, title, one);
  await act(page, 'Merge into…');
  const dialog = page.getByRole('dialog', { name: 'Merge the ticket' });
  await expectAccessible(page, 'the dialog of merging');
  await dialog.getByRole('combobox', { name: 'Other ticket' }).fill(String(other));
  await page.getByRole('option', { name: new RegExp(`#${other}`) }).click();
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(new RegExp(`/desk/tickets/${other}\\b`));
  await expect(panel(page).locator('.message-from').first()).toContainText(`#${one}`);
  await expect(rows(page)).toHaveCount(1);

  // Its own address leads to where it goes on, and from there it is taken back.
  await page.goto(`${demo.url}/desk/tickets/${one}?view=all&filter=tags:${title}`);
  await hydrated(page);
  await expect(panel(page).locator('.message-from').first()).toContainText(`#${one}`);
  await panel(page).getByRole('tab', { name: 'Details' }).click();
  await expect(panel(page).getByRole('heading', { name: 'Merged tickets' })).toBeVisible();
  await panel(page).getByRole('button', { name: 'Take back' }).click();
  await expect(panel(page).getByRole('heading', { name: 'Merged tickets' })).toHaveCount(0);
  await open(page, demo, title, one);
  await expect(page).toHaveURL(new RegExp(`/desk/tickets/${one}\\b`));
  await expect(panel(page).locator('.message-from')).toHaveCount(0);

  await act(page, 'Link to…');
  const linking = page.getByRole('dialog', { name: 'Link the ticket' });
  await linking.getByRole('combobox', { name: 'Other ticket' }).fill(String(other));
  await page.getByRole('option', { name: new RegExp(`#${other}`) }).click();
  await linking.getByRole('button', { name: 'Link', exact: true }).click();
  await expect(linking).toBeHidden();
  await panel(page).getByRole('tab', { name: 'Details' }).click();
  await expect(panel(page).getByRole('heading', { name: 'Links' })).toBeVisible();
  await expect(panel(page)).toContainText(`#${other}`);
  await expectAccessible(page, 'a ticket with links');

  await act(page, 'Clone');
  await expect(page).not.toHaveURL(new RegExp(`/desk/tickets/${one}\\b`));
  await expect(panel(page)).toContainText(title);
});
