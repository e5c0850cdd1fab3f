// Live updates in real browsers: what one person does, the others see within a second, without a reload and without a jump.
import type { Browser, Page } from '@playwright/test';
import { AgentApi } from '../support/api';
import { Desk } from '../support/desk';
import { signIn } from '../support/sign-in';
import { expect, expectAccessible, hydrated, test, watch } from '../support/test';

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

test('the end of the conversation stays in sight while an answer grows', async ({ page, demo }) => {
  const other = await AgentApi.signIn(demo, demo.accounts[1]);
  const { number } = await ticket(other, 'Long');
  for (let word = 1; word <= 12; word += 1) await write(other, number, 'note', `Word ${word} among us`);
  await signIn(page, demo);
  await open(page, demo, `/desk/tickets/${number}?view=all`);
  const last = page.getByText('Word 12 among us');
  await expect(last).toBeInViewport({ ratio: 1 });
  await page.getByRole('textbox', { name: 'Reply' }).click();
  for (let line = 1; line <= 10; line += 1) {
    await page.keyboard.type(`Line ${line}`);
    await page.keyboard.press('Enter');
  }
  await expect(last).toBeInViewport({ ratio: 1 });
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

/** Another agent in a browser of their own, whose console has to stay silent, too. */
async function colleague(browser: Browser, desk: Desk, which: number): Promise<{ page: Page; leave: () => Promise<void> }> {
  const context = await browser.newContext();
  const errors = watch(context);
  const page = await context.newPage();
  await signIn(page, desk, which);
  return {
    page,
    leave: async () => {
      await context.close();
      expect(errors).toEqual([]);
    },
  };
}

test('two agents see each other at a ticket, and what the other writes', async ({ browser, page, demo }) => {
  const agent = await AgentApi.signIn(demo, demo.accounts[1]);
  const { number } = await ticket(agent, 'Together');
  const { name } = await agent.call<{ name: string }>('agent/me');
  await signIn(page, demo);
  await open(page, demo, `/desk/tickets/${number}?view=all`);
  const head = page.locator('.others-head');
  const row = page.getByRole('row', { name: `#${number}` });
  await expect(head).not.toContainText('viewing');

  const other = await colleague(browser, demo, 1);
  await open(other.page, demo, `/desk/tickets/${number}?view=all`);
  await expect(head).toContainText(`${name} is viewing`, soon);
  await expect(row).toContainText(`${name} is viewing`, soon);
  // Nothing has moved: who comes and goes lies over the end of the title.
  const title = row.getByRole('link');
  const before = await title.boundingBox();

  const composer = (of: Page) => of.getByRole('region', { name: 'Write a message' });
  await composer(other.page).getByRole('textbox', { name: 'Reply' }).click();
  await other.page.keyboard.type('I am on it');
  await expect(head.getByRole('status')).toHaveText(`${name} is writing a reply…`, soon);
  await expect(composer(page)).toContainText(`${name} is writing a reply to this ticket, too.`, soon);
  await expect(row).toContainText(`${name} is writing a reply…`, soon);
  await expectAccessible(page, 'a ticket that somebody else answers');
  // Somebody who stops typing no longer writes, and who sends neither.
  await expect(head.getByRole('status')).toHaveText('', { timeout: 12_000 });
  await other.page.keyboard.type(', soon');
  await expect(head.getByRole('status')).toHaveText(`${name} is writing a reply…`, soon);
  await composer(other.page).getByRole('button', { name: 'Send', exact: true }).click();
  await expect(head.getByRole('status')).toHaveText('', soon);
  await expect(composer(page)).not.toContainText('is writing');
  await expect(head).toContainText(`${name} is viewing`);
  await composer(other.page).getByRole('button', { name: 'Note', exact: true }).click();
  await composer(other.page).getByRole('textbox', { name: 'Note' }).click();
  await other.page.keyboard.type('Among us');
  await expect(head.getByRole('status')).toHaveText(`${name} is writing a note…`, soon);
  await expect(composer(page)).not.toContainText('is writing');

  // Back in the list, at the next ticket, with the tab closed: there no longer.
  await open(other.page, demo, '/desk/tickets?view=all');
  await expect(head).not.toContainText(name, soon);
  await expect(row).not.toContainText('viewing', soon);
  expect(await title.boundingBox()).toEqual(before);
  await open(other.page, demo, `/desk/tickets/${number}?view=all`);
  await expect(head).toContainText(`${name} is viewing`, soon);
  await other.page.close();
  await expect(head).not.toContainText(name, soon);
  await other.leave();
});

test('a draft that comes back is not being written, and oneself is nobody else', async ({ browser, page, demo }) => {
  const agent = await AgentApi.signIn(demo, demo.accounts[1]);
  const { number } = await ticket(agent, 'Kept');
  const { name } = await agent.call<{ name: string }>('agent/me');
  await agent.call('items/save_draft', { draft: { item: number, kind: 'reply', html: '<p>Begun yesterday</p>' } });
  await signIn(page, demo);
  await open(page, demo, `/desk/tickets/${number}?view=all`);
  const other = await colleague(browser, demo, 1);
  await open(other.page, demo, `/desk/tickets/${number}?view=all`);
  await expect(other.page.getByRole('textbox', { name: 'Reply' })).toContainText('Begun yesterday');
  const second = await other.page.context().newPage();
  await open(second, demo, `/desk/tickets/${number}?view=all`);
  const head = page.locator('.others-head');
  await expect(head).toContainText(`${name} is viewing`, soon);
  await expect(head.getByRole('status')).toHaveText('');
  for (const own of [second, other.page]) {
    await expect(own.locator('.others-head')).toContainText('is viewing', soon);
    await expect(own.locator('.others-head')).not.toContainText(name);
  }
  await other.leave();
  await expect(head).not.toContainText(name, soon);
});

test('who may not see a ticket is not told who is there', async ({ browser, page, demo }) => {
  const owner = await AgentApi.signIn(demo);
  const { number } = await ticket(owner, 'Not for everybody');
  const { number: shared } = await ticket(owner, 'For everybody');
  const { teams } = await owner.call<{ teams: { id: number }[] }>('items/catalog');
  await change(owner, number, [{ field: 'teams', value: [teams[0].id] }]);
  await change(owner, shared, [{ field: 'teams', value: [teams[1].id] }]);
  const email = `some.${Date.now()}@taquilla.example`;
  await owner.call('admin/invite_agent', { agent: { name: 'Sam Some', email, role: 'agent', access: 'teams', teams: [teams[1].id] } });
  const context = await browser.newContext();
  const errors = watch(context);
  const told: string[] = [];
  const theirs = await context.newPage();
  const session = await context.newCDPSession(theirs);
  session.on('Network.eventSourceMessageReceived', ({ data }) => told.push(data));
  await session.send('Network.enable');
  await theirs.goto(demo.url + (await demo.link(email)));
  await hydrated(theirs);
  await theirs.getByLabel('New password').fill('some secret for the tests');
  await theirs.getByRole('button', { name: 'Set the password' }).click();
  await expect(theirs).toHaveURL(/\/desk\/tickets/);
  await open(theirs, demo, `/desk/tickets/${shared}?view=all`);

  await signIn(page, demo);
  await open(page, demo, `/desk/tickets/${number}?view=all`);
  // Sam is seen by nobody who is elsewhere; and of the owner only what is at the ticket that both may see.
  await open(page, demo, `/desk/tickets/${shared}?view=all`);
  await expect(page.locator('.others-head')).toContainText('Sam Some is viewing', soon);
  await expect(theirs.locator('.others-head')).toContainText('is viewing', soon);
  expect(told.some((text) => text.includes('"presence"') && text.includes(`${shared}`))).toBe(true);
  expect(told.filter((text) => text.includes(`"number":${number},`))).toEqual([]);
  await context.close();
  expect(errors).toEqual([]);
});
