// How an agent comes in through the front door.
import type { Page } from '@playwright/test';
import type { Desk } from './desk';
import { expect, hydrated } from './test';

/** Signs one of the demo's agents in, by the place among the accounts, and waits until the list of tickets is awake. */
export async function signIn(page: Page, desk: Desk, which = 0): Promise<void> {
  await page.goto(`${desk.url}/desk/sign-in`);
  await hydrated(page);
  await page.getByLabel('E-mail address').first().fill(desk.accounts[which].email);
  await page.getByLabel('Password', { exact: false }).first().fill(desk.accounts[which].password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/desk\/tickets/);
  await hydrated(page);
}
