// Live updates in real browsers: what one person does, the others see within a second, without a reload and without a jump.
import type { Page } from '@playwright/test';
import { AgentApi } from '../support/api';
import { Desk } from '../support/desk';
import { signIn } from '../support/sign-in';
import { expect, hydrated, test } from '../support/test';

/** How soon something has to be there that somebody else did. */
const soon = { timeout: 3_000 };
// A killed server answers nothing, an ended session is refused, and Chromium says so.
test.use({ expectedErrors: ['net::ERR_', '401 (Unauthorized)', '409 (Conflict)'] });

let times = 0;

async function open(page: Page, desk: Desk, path: string): Promise<void> {
  await page.goto(desk.url + path);
  await hydrated(page);
}

/** A new ticket, made without a browser. */
async function ticket(agent: AgentApi, title: string, more: object = {}): Promise<{ number: number; title: string }> {
  times += 1;
  const named = `${title} ${process.pid}-${times}`;
  const { row } = await agent.call<{ row: { number: number } }>('items/create', { item: { title: named, ...more } });
  return { number: row.number, title: named };
}

async function change(agent: AgentApi, number: number, changes: unknown[]): Promise<void> {
  const { row } = await agent.call<{ row: { version: number } }>('items/get', { number });
  await agent.call('items/change', { number, version: row.version, changes });
}

const write = (agent: AgentApi, item: number, kind: string, text: string) =>
  agent.call('items/write', { message: { item, kind, html: `<p>${text}</p>`, idempotency_key: `${kind}-${item}-${text}`.slice(0, 60) } });

test('the open ticket and the list follow what others do', async ({ page, demo }) => {
  const other = await AgentApi.signIn(demo, demo.accounts[1]);
  const { number, title } = await ticket(other, 'Live');
  await signIn(page, demo);
  await open(page, demo, `/desk/tickets/${number}?view=all`);
  await expect(page.getByRole('heading', { name: title })).toBeVisible();
  await write(other, number, 'note', 'A word among us');
  const thread = page.getByRole('region', { name: 'Conversation' });
  await expect(thread).toContainText('A word among us', soon);
  await change(other, number, [{ field: 'title', value: `${title} anew` }]);
  await expect(page.getByRole('heading', { name: `${title} anew` })).toBeVisible(soon);
  await expect(page.getByRole('grid').getByRole('link', { name: `${title} anew` })).toBeVisible(soon);

  // What is new waits until it is asked for, and is then there.
  await open(page, demo, '/desk/tickets?view=open');
  const next = await ticket(other, 'Brand new');
  await expect(page.getByRole('button', { name: /^1 new/ })).toBeVisible(soon);
  await expect(page.getByRole('link', { name: next.title })).toHaveCount(0);
  await page.getByRole('button', { name: /^1 new/ }).click();
  await expect(page.getByRole('grid').getByRole('link', { name: next.title })).toBeVisible(soon);
});

test('a reply stops when somebody else has written meanwhile', async ({ page, demo }) => {
  const other = await AgentApi.signIn(demo, demo.accounts[1]);
  const { number } = await ticket(other, 'Two answers');
  await signIn(page, demo);
  await open(page, demo, `/desk/tickets/${number}?view=all`);
  const composer = page.getByRole('region', { name: 'Write a message' });
  await composer.getByRole('textbox', { name: 'Reply' }).click();
  await page.keyboard.type('It is solved');
  await write(other, number, 'reply', 'We look into it');
  const thread = page.getByRole('region', { name: 'Conversation' });
  await expect(thread).toContainText('We look into it', soon);
  await composer.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(composer).toContainText('Somebody has written while you were writing');
  await expect(thread).not.toContainText('It is solved');
  await expect(composer.getByRole('textbox', { name: 'Reply' })).toContainText('It is solved');
  await composer.getByRole('button', { name: 'Send anyway' }).click();
  await expect(thread).toContainText('It is solved', soon);
});

test('after a server that was killed, nothing is missed and nothing comes twice', async ({ page }) => {
  const desk = await Desk.start({ demo: true, items: 40 });
  try {
    const { number } = await ticket(await AgentApi.signIn(desk, desk.accounts[1]), 'Through a restart');
    await signIn(page, desk);
    await open(page, desk, `/desk/tickets/${number}?view=all`);
    const thread = page.getByRole('region', { name: 'Conversation' });
    await desk.restart();
    const other = await AgentApi.signIn(desk, desk.accounts[1]);
    await write(other, number, 'note', 'Written before it was back');
    await expect(thread.getByText('Written before it was back')).toHaveCount(1, { timeout: 10_000 });
    await write(other, number, 'note', 'Written after it was back');
    await expect(thread.getByText('Written after it was back')).toHaveCount(1, soon);
    await expect(thread.getByText('Written before it was back')).toHaveCount(1);
  } finally {
    await desk.stop();
  }
});

test('who is signed out elsewhere is told within seconds', async ({ page, demo }) => {
  await signIn(page, demo, 1);
  await open(page, demo, '/desk/tickets?view=open');
  await (await AgentApi.signIn(demo, demo.accounts[1])).call('agent/sign_out_everywhere');
  await expect(page.getByText('Your session has ended')).toBeVisible({ timeout: 8_000 });
});
