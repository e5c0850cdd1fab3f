// Sending in real browsers: a reply that waits and can be taken back, a draft that goes from hand to hand, a change that is undone.
import type { Browser, Page } from '@playwright/test';
import { AgentApi } from '../support/api';
import type { Desk } from '../support/desk';
import { signIn } from '../support/sign-in';
import { expect, expectAccessible, hydrated, test } from '../support/test';

/** How soon something has to be there that somebody else did. */
const soon = { timeout: 3_000 };

// What is undone too late is refused, and Chromium says so.
test.use({ expectedErrors: ['409 (Conflict)'] });

let times = 0;

interface Message {
  kind: string;
  html: string;
  files: { name: string }[];
}

/** A new ticket that this agent has open, with what the server has of its thread. */
async function fresh(page: Page, demo: Desk, seconds: number, which = 0) {
  const agent = await AgentApi.signIn(demo, demo.accounts[which]);
  await agent.call('agent/change_profile', { patch: { undo_send: { set: seconds } } });
  times += 1;
  const { row } = await agent.call<{ row: { number: number } }>('items/create', { item: { title: `Sending ${process.pid}-${times}` } });
  await signIn(page, demo, which);
  await open(page, demo, row.number);
  const messages = async () => (await agent.call<{ messages: Message[] }>('items/get', { number: row.number })).messages;
  return { number: row.number, agent, messages, ...parts(page) };
}

async function open(page: Page, demo: Desk, number: number): Promise<void> {
  await page.goto(`${demo.url}/desk/tickets/${number}?view=all`);
  await hydrated(page);
}

const parts = (page: Page) => ({
  composer: page.getByRole('region', { name: 'Write a message' }),
  thread: page.getByRole('region', { name: 'Conversation' }),
});

/** Another agent in a browser of their own, at the same ticket. */
async function beside(browser: Browser, demo: Desk, number: number) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, demo, 1);
  await open(page, demo, number);
  return { context, page, ...parts(page) };
}

async function write(page: Page, text: string): Promise<void> {
  await parts(page).composer.getByRole('textbox', { name: 'Reply' }).click();
  await page.keyboard.type(text);
}

const send = (page: Page) => parts(page).composer.getByRole('button', { name: 'Send', exact: true }).click();

test('a reply waits, is seen by colleagues, and goes out by itself', async ({ page, browser, demo }) => {
  const { number, thread, messages } = await fresh(page, demo, 4);
  const other = await beside(browser, demo, number);
  await write(page, 'Please restart it');
  await send(page);
  const waiting = thread.getByRole('article').filter({ hasText: 'Please restart it' });
  await expect(waiting).toContainText('About to be sent');
  await expect(other.thread.getByRole('article').filter({ hasText: 'Please restart it' })).toContainText('About to be sent', soon);
  await expect(other.thread.getByRole('button', { name: 'Undo' })).toHaveCount(0);
  expect(await messages()).toEqual([]);
  await expectAccessible(page, 'a reply that waits');
  // Nobody has to stay for it.
  await page.close();
  await expect(other.thread.getByText('About to be sent')).toHaveCount(0, { timeout: 8_000 });
  await expect(other.thread.getByText('Please restart it')).toHaveCount(1);
  expect((await messages()).length).toBe(1);
  await other.context.close();
});

test('a reply that is taken back is in the editor again, with its files', async ({ page, demo }) => {
  const { composer, thread, messages } = await fresh(page, demo, 10);
  await write(page, 'Dear Marisa');
  await composer.locator('input[type=file]').setInputFiles({ name: 'manual.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
  await expect(composer.getByText('manual.txt')).toBeVisible();
  await send(page);
  await expect(thread.getByText('About to be sent')).toBeVisible();
  await expect(composer.getByRole('textbox', { name: 'Reply' })).not.toContainText('Dear Marisa');
  await thread.getByRole('button', { name: 'Undo' }).click();
  await expect(composer.getByRole('textbox', { name: 'Reply' })).toContainText('Dear Marisa');
  await expect(composer.getByText('manual.txt')).toBeVisible();
  await expect(thread.getByText('About to be sent')).toHaveCount(0);
  // By the message that tells of it, from another place.
  await send(page);
  await expect(thread.getByText('About to be sent')).toBeVisible();
  await page.getByRole('link', { name: 'Customers' }).first().click();
  await expect(page).toHaveURL(/\/desk\/customers/);
  await page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Undo' }).click();
  // What told of the first time may still stand there.
  await expect(page.getByText('the reply is a draft again').last()).toBeVisible();
  expect(await messages()).toEqual([]);
  await page.goBack();
  await hydrated(page);
  await expect(composer.getByRole('textbox', { name: 'Reply' })).toContainText('Dear Marisa');
  await expect(composer.getByText('manual.txt')).toBeVisible();
});

test('a shared draft is read and taken over', async ({ page, browser, demo }) => {
  const { number, composer } = await fresh(page, demo, 10);
  const other = await beside(browser, demo, number);
  await write(page, 'Half an answer');
  await expect(composer.getByText('Draft saved')).toBeVisible();
  await expect(other.thread.getByText('Half an answer')).toHaveCount(0);
  await composer.getByRole('button', { name: 'Share draft' }).click();
  const shared = other.thread.getByRole('article').filter({ hasText: 'Half an answer' });
  await expect(shared).toContainText('Shared draft of a reply', soon);
  await composer.getByRole('textbox', { name: 'Reply' }).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' and a bit');
  await expect(other.thread.getByText('Half an answer and a bit')).toBeVisible({ timeout: 6_000 });
  await expectAccessible(other.page, 'a shared draft');
  await other.thread.getByRole('button', { name: 'Take over' }).click();
  await expect(other.composer.getByRole('textbox', { name: 'Reply' })).toContainText('Half an answer and a bit');
  await expect(other.thread.getByText('Shared draft')).toHaveCount(0);
  await expect(composer.getByRole('textbox', { name: 'Reply' })).not.toContainText('Half an answer', soon);
  await expect(page.getByText('has taken over your draft')).toBeVisible();
  await other.context.close();
});

test('a change of a field is undone by its message and by Z', async ({ page, demo }) => {
  const { number, agent } = await fresh(page, demo, 10);
  const priority = async () => (await agent.call<{ row: { priority: number } }>('items/get', { number })).row.priority;
  const set = async () => {
    await page.getByRole('button', { name: /^Priority/ }).click();
    await page.getByRole('menuitemradio', { name: '4 stars' }).click();
    await expect.poll(priority).toBe(4);
  };
  await set();
  await page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Undo' }).click();
  await expect.poll(priority).toBe(0);
  await expect(page.getByRole('button', { name: /^Priority: No priority/ })).toBeVisible();
  await set();
  await page.locator('#ticket-title').focus();
  await page.keyboard.press('z');
  await expect.poll(priority).toBe(0);
});

test('an undo never writes over what somebody else has written since', async ({ page, demo }) => {
  const { number } = await fresh(page, demo, 10);
  const other = await AgentApi.signIn(demo, demo.accounts[1]);
  await page.getByRole('button', { name: /^Priority/ }).click();
  await page.getByRole('menuitemradio', { name: '4 stars' }).click();
  await expect(page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Undo' })).toBeVisible();
  const { row } = await other.call<{ row: { version: number } }>('items/get', { number });
  await other.call('items/change', { number, version: row.version, changes: [{ field: 'priority', value: 2 }] });
  await page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('changed');
  expect((await other.call<{ row: { priority: number } }>('items/get', { number })).row.priority).toBe(2);
});
