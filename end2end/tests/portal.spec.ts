// The customer's side, as a customer: on a desktop, on a phone of 360 px, and with JavaScript off.
import { AgentApi } from '../support/api';
import type { Desk } from '../support/desk';
import { expect, expectAccessible, hydrated, Recorder, test } from '../support/test';
import type { Page } from '@playwright/test';

const password = 'a sentence that nobody guesses';
let people = 0;

/** A new customer comes in by the front door: registers, reads the mailed code, types it. */
async function register(page: Page, desk: Desk, first = 'Nora'): Promise<string> {
  people += 1;
  // A domain each: people of one company domain are of one organization and see each other's tickets.
  const email = `${first.toLowerCase()}@customer-${process.pid}-${people}.example`;
  await page.goto(`${desk.url}/p/support/register`);
  await hydrated(page);
  await page.getByLabel('First name').fill(first);
  await page.getByLabel('Last name').fill('Lindqvist');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Register' }).click();
  await expect(page.getByRole('heading', { name: 'Enter the code' })).toBeVisible();
  await expectAccessible(page, 'code');
  await page.getByLabel('Code').fill(await desk.code(email));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'My requests' })).toBeVisible();
  await hydrated(page);
  return email;
}

/** Makes a request and ends on its page. */
async function ask(page: Page, title: string, body: string): Promise<void> {
  await page.getByRole('link', { name: 'New request' }).filter({ visible: true }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'New request' })).toBeVisible();
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('What happened?').fill(body);
  await page.getByRole('button', { name: 'Send the request' }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
}

test('a customer asks, reads the answer, answers with a file, and never gets a byte of the note', async ({ page, context, demo }) => {
  const recorder = new Recorder(context);
  const email = await register(page, demo);
  await expect(page.getByText('No requests yet')).toBeVisible();
  await expectAccessible(page, 'empty list');

  const title = `The till prints nothing ${people}`;
  await ask(page, title, 'Since this morning.\nThe lamp is red.');
  const thread = page.getByRole('region', { name: 'Conversation' });
  await expect(thread).toContainText('The lamp is red.');
  await expectAccessible(page, 'ticket');

  const agent = await AgentApi.signIn(demo);
  const item = await agent.find(title);
  const secret = `between-us-${process.pid}-${people}`;
  const write = (kind: string, html: string) => agent.call('items/write', { message: { item, kind, html, idempotency_key: `${kind}-${item}` } });
  await write('note', `<p>${secret}</p>`);
  await write('reply', '<p>Please <strong>open the lid</strong> once.</p>');

  await page.reload();
  await hydrated(page);
  await expect(thread).toContainText('Please open the lid once.');
  const mail = await demo.mail(email, ({ subject }) => subject.includes(title));
  expect(mail.everything).toContain('open the lid');

  await page.getByLabel('Your answer').fill('It works now, thank you.');
  await page.getByLabel('Attach files').setInputFiles({ name: 'receipt.txt', mimeType: 'text/plain', buffer: Buffer.from('a receipt') });
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(thread).toContainText('It works now, thank you.');
  const file = thread.getByRole('link', { name: /receipt\.txt/ });
  const download = await page.request.get(new URL((await file.getAttribute('href'))!, demo.url).href);
  expect(await download.text()).toBe('a receipt');
  expect(download.headers()['content-disposition']).toContain('attachment');

  await page.getByRole('button', { name: 'Mark as solved' }).click();
  await expect(page.getByRole('button', { name: 'Open again' })).toBeVisible();

  // Everything that a customer can open, once more, with the note already written.
  for (const path of ['', '?status=done', '?q=till', `/tickets/${item}`, '/profile', '/new']) {
    await page.goto(`${demo.url}/p/support${path}`);
    await hydrated(page);
  }
  expect(recorder.count).toBeGreaterThan(10);
  expect(await recorder.contains(secret)).toEqual([]);
  for (const held of await demo.mails(email)) expect(held.everything).not.toContain(secret);
});

test('the list is filtered, searched, and restored by back and reload', async ({ page, demo }) => {
  await register(page, demo, 'Filip');
  const titles = [`Blue screen ${people}`, `Red lamp ${people}`];
  for (const title of titles) {
    await page.goto(`${demo.url}/p/support`);
    await hydrated(page);
    await ask(page, title, 'Please help.');
  }
  await page.getByRole('button', { name: 'Mark as solved' }).click();
  await expect(page.getByRole('button', { name: 'Open again' })).toBeVisible();

  await page.goto(`${demo.url}/p/support`);
  await hydrated(page);
  const list = page.locator('main');
  const filters = page.getByRole('navigation', { name: 'Filter by status' });
  await expect(list.getByRole('link', { name: titles[0] })).toBeVisible();
  await filters.getByRole('link', { name: 'Solved' }).click();
  await expect(list.getByRole('link', { name: titles[0] })).toHaveCount(0);
  await expect(list.getByRole('link', { name: titles[1] })).toBeVisible();
  await expect(filters.getByRole('link', { name: 'Solved' })).toHaveAttribute('aria-current', 'page');
  await page.reload();
  await hydrated(page);
  await expect(list.getByRole('link', { name: titles[0] })).toHaveCount(0);
  await list.getByRole('link', { name: titles[1] }).click();
  await expect(page.getByRole('heading', { level: 1, name: titles[1] })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/status=done/);
  await expect(list.getByRole('link', { name: titles[1] })).toBeVisible();
  await filters.getByRole('link', { name: 'All', exact: true }).click();
  await page.getByRole('searchbox').fill('blue');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(list.getByRole('link', { name: titles[0] })).toBeVisible();
  await expect(list.getByRole('link', { name: titles[1] })).toHaveCount(0);
  await page.getByRole('searchbox').fill('nothing of this kind');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  await expectAccessible(page, 'nothing found');
});

test('a customer cannot open what is not theirs, and it looks like what does not exist', async ({ page, browser, demo, expectedErrors }) => {
  expectedErrors.push('404');
  const other = await browser.newContext();
  const stranger = await other.newPage();
  await register(stranger, demo, 'Otto');
  const title = `Only mine ${people}`;
  await ask(stranger, title, 'Nobody else may read this.');
  const theirs = new URL(stranger.url()).pathname;
  await other.close();

  await register(page, demo, 'Eve');
  const missing = await page.goto(`${demo.url}/p/support/tickets/99999999`);
  const missingText = await page.locator('main').innerText();
  const foreign = await page.goto(`${demo.url}${theirs}`);
  expect(foreign?.status()).toBe(missing?.status());
  expect(await page.locator('main').innerText()).toBe(missingText);
  await expect(page.getByText('Nobody else may read this.')).toHaveCount(0);
});

test('the ways in and the own data: code, password, profile, language, sign-out', async ({ page, demo }) => {
  const email = await register(page, demo, 'Ines');
  await page.goto(`${demo.url}/p/support/profile`);
  await hydrated(page);
  await expectAccessible(page, 'profile');
  await page.getByLabel('Telephone').fill('+34 600 000 000');
  await page.getByRole('button', { name: 'Save' }).first().click();
  await expect(page.getByText('Your profile was saved.')).toBeVisible();
  await expect(page.getByLabel('Telephone')).toHaveValue('+34 600 000 000');

  await page.getByRole('button', { name: 'Deutsch' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await hydrated(page);
  await expectAccessible(page, 'profile in German');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await hydrated(page);

  await page.locator('.portal-menu summary').click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await hydrated(page);
  await expectAccessible(page, 'sign-in');
  await page.goto(`${demo.url}/p/support`);
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await hydrated(page);

  await page.getByLabel('E-mail address').first().fill(email);
  await page.getByLabel('Password', { exact: true }).fill('not the password at all');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toBeVisible();
  await hydrated(page);
  await page.getByLabel('E-mail address').first().fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'My requests' })).toBeVisible();
});

test('a forgotten password is set anew with a mailed code', async ({ page, demo }) => {
  const email = await register(page, demo, 'Paolo');
  await page.context().clearCookies();
  await page.goto(`${demo.url}/p/support/forgot`);
  await hydrated(page);
  await expectAccessible(page, 'forgot');
  const before = (await demo.mails(email)).length;
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await expect(page.getByLabel('Code')).toBeVisible();
  await hydrated(page);
  await expect.poll(async () => (await demo.mails(email)).length).toBeGreaterThan(before);
  await page.getByLabel('Code').fill(await demo.code(email));
  await page.getByLabel('New password').fill('another sentence of mine');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'My requests' })).toBeVisible();
});

test('a refused form comes back with what was typed, and a reload sends nothing', async ({ page, demo }, info) => {
  test.skip(info.project.name !== 'portal-without-javascript', 'with scripts the fields are never emptied');
  const refused = page.getByRole('alert').filter({ hasText: /\S/ });
  await page.goto(`${demo.url}/p/support/register`);
  await page.getByLabel('First name').fill('Zoé "Z"');
  await page.getByLabel('Last name').fill('Petit');
  await page.getByLabel('E-mail address').fill(`zoe@typed-${process.pid}.example`);
  // Long enough for the browser, too common for the server.
  await page.getByLabel('New password').fill('password123');
  await page.getByRole('button', { name: 'Register' }).click();
  await expect(refused).toBeVisible();
  await expect(page.getByLabel('First name')).toHaveValue('Zoé "Z"');
  await expect(page.getByLabel('Last name')).toHaveValue('Petit');
  await expect(page.getByLabel('E-mail address')).toHaveValue(`zoe@typed-${process.pid}.example`);
  await expect(page.getByLabel('New password')).toHaveValue('');

  await register(page, demo, 'Tilda');
  await page.goto(`${demo.url}/p/support/new`);
  const body = `The first line </textarea> & more.\n${'It prints nothing. '.repeat(2000)}`;
  // A title of spaces is something for the browser and nothing for the server.
  await page.getByLabel('Title').fill('   ');
  await page.getByLabel('What happened?').fill(body);
  await page.getByLabel('Attach files').setInputFiles({ name: 'till.txt', mimeType: 'text/plain', buffer: Buffer.from('empty') });
  await page.getByRole('button', { name: 'Send the request' }).click();
  await expect(refused).toBeVisible();
  for (const look of ['as it came back', 'reloaded']) {
    await expect(page.getByLabel('What happened?'), look).toHaveValue(body);
    await expect(page.getByText('Please choose the files again'), look).toBeVisible();
    await page.reload();
  }
  await expectAccessible(page, 'a refused request');
  const title = `The till again ${people}`;
  await page.getByLabel('Title').fill(title);
  await page.getByRole('button', { name: 'Send the request' }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Conversation' })).toContainText('The first line </textarea> & more.');
  await page.goto(`${demo.url}/p/support`);
  await expect(page.locator('main').getByRole('link', { name: 'The till again' })).toHaveCount(1);
  await page.goto(`${demo.url}/p/support/new`);
  await expect(page.getByLabel('What happened?')).toHaveValue('');
});

test('no page is wider than the screen', async ({ page, demo }) => {
  await register(page, demo, 'Greta');
  await ask(page, `${'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(3)} ${people}`, 'w'.repeat(400));
  const ticket = new URL(page.url()).pathname;
  for (const path of [ticket, '/p/support', '/p/support/new', '/p/support/profile']) {
    await page.goto(`${demo.url}${path}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, path).toBeLessThanOrEqual(0);
    await expectAccessible(page, path);
  }
});

test('every control of the portal can be hit with a thumb', async ({ page, demo }, info) => {
  test.skip(info.project.name !== 'phone', 'measured on the phone');
  await register(page, demo, 'Mia');
  await ask(page, `Small things ${people}`, 'One line.');
  const small = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('main button, main summary, main input:not([type=hidden]):not([type=file]), header a, header summary')]
      .map((element) => ({ text: element.innerText || element.id, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && box.height < 43.5)
      .map(({ text, box }) => `${text}: ${Math.round(box.height)} px`),
  );
  expect(small).toEqual([]);
});
