// Customer apps: an administrator makes a portal, sets what it shows, and customers see that at once.
import { AgentApi } from '../support/api';
import { signIn } from '../support/sign-in';
import { expect, expectAccessible, hydrated, test } from '../support/test';

// Mistakes are made on purpose, and a portal that is gone is asked for.
test.use({ expectedErrors: ['422 (Unprocessable', '404 (Not Found)'] });

test('an administrator makes a portal of its own, and a customer sees what it shows', async ({ page, browser, demo }) => {
  await signIn(page, demo);
  await page.goto(`${demo.url}/desk/admin/apps`);
  await hydrated(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Customer apps' })).toBeVisible();
  await expectAccessible(page, 'customer apps');
  await page.getByRole('button', { name: 'New customer app' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Partners');
  await dialog.getByLabel('Address').fill('support');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(dialog).toContainText('Another customer app has this address.');
  await dialog.getByLabel('Address').fill('partners');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Partners' })).toBeVisible();
  await expectAccessible(page, 'settings of a customer app');

  // Nothing to see is refused where it is set.
  const save = page.getByRole('button', { name: 'Save', exact: true });
  await expect(save).toBeDisabled();
  await page.getByLabel('Their tickets').uncheck();
  await page.getByLabel('Tickets of projects').uncheck();
  await save.click();
  await expect(page.getByText('With both switched off, customers would see no ticket at all').first()).toBeVisible();
  await page.getByLabel('Their tickets').check();

  await page.getByLabel('On the ticket: Priority').selectOption({ label: 'Shown and editable' });
  await page.getByLabel('On the ticket: Type').selectOption({ label: 'Hidden' });
  await page.getByLabel('On the create form: Impact').selectOption({ label: 'Required' });
  await page.locator('#app-reply').uncheck();
  await page.locator('#app-welcome-en').fill('Hello, partners.');
  await save.click();
  await expect(page.getByText('Saved. Customers see it at once.')).toBeVisible();
  await expect(save).toBeDisabled();
  await page.reload();
  await hydrated(page);
  await expect(page.getByLabel('On the ticket: Priority')).toHaveValue('edit');
  await expect(page.locator('#app-reply')).not.toBeChecked();

  // A customer comes in.
  const visitor = await browser.newContext({ locale: 'en-GB' });
  const portal = await visitor.newPage();
  const email = `petra@partner-${process.pid}.example`;
  await portal.goto(`${demo.url}/p/partners/register`);
  await hydrated(portal);
  await portal.getByLabel('First name').fill('Petra');
  await portal.getByLabel('Last name').fill('Prado');
  await portal.getByLabel('E-mail address').fill(email);
  await portal.getByLabel('New password').fill('a sentence that nobody guesses');
  await portal.getByRole('button', { name: 'Register' }).click();
  await portal.getByLabel('Code').fill(await demo.code(email));
  await portal.getByRole('button', { name: 'Sign in' }).click();
  await expect(portal.getByText('Hello, partners.')).toBeVisible();
  await portal.getByRole('link', { name: 'New request' }).filter({ visible: true }).first().click();
  await hydrated(portal);
  await portal.getByLabel('Title').fill('Price list');
  await portal.getByLabel('What happened?').fill('It is the old one.');
  await portal.getByLabel('Impact').selectOption({ label: 'A few people' });
  await portal.getByRole('button', { name: 'Send the request' }).click();
  await expect(portal.getByRole('heading', { level: 1, name: 'Price list' })).toBeVisible();
  await hydrated(portal);
  const details = portal.getByRole('complementary');
  await expect(details).not.toContainText('Question');
  await expect(portal.getByLabel('Your answer')).toHaveCount(0);
  await details.getByText('Change', { exact: true }).click();
  await details.getByLabel('Priority', { exact: true }).selectOption({ label: '4 stars' });
  await details.getByRole('button', { name: 'Save' }).click();
  await expect(details.getByRole('img', { name: '4 stars' })).toBeVisible();
  await expectAccessible(portal, 'ticket of a portal of its own');

  // Another rule holds at once: the type is not shown any more, nor is the ticket.
  const agent = await AgentApi.signIn(demo);
  const apps = (await agent.call('apps/list', {})) as { id: number; slug: string; version: number; rules: Record<string, unknown> }[];
  const app = apps.find(({ slug }) => slug === 'partners')!;
  const { id, version, slug, rules } = app;
  const settings = { name: 'Partners', slug, enabled: true, rules: { ...rules, shown: [] }, look: {} };
  await agent.call('apps/change', { app: id, version, settings });
  await portal.reload();
  await expect(portal.getByText('This page does not exist')).toBeVisible();
  await portal.goto(`${demo.url}/p/partners`);
  await expect(portal.getByText('No requests yet')).toBeVisible();

  // It is deleted, and its address leads nowhere.
  await page.goto(`${demo.url}/desk/admin/apps`);
  await hydrated(page);
  await page.getByRole('button', { name: 'Delete Partners' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('The customer app was deleted.')).toBeVisible();
  expect((await portal.goto(`${demo.url}/p/partners`))!.status()).toBe(404);
  await visitor.close();
});
