// Who has a filtered list open sees rows come, move and leave as others change them, in its groups and in the columns of a board; never
// those of others, and right again after the line was cut.
import type { Page } from '@playwright/test';
import { AgentApi } from '../support/api';
import { Line } from '../support/line';
import { signIn } from '../support/sign-in';
import { Recorder, expect, hydrated, test, watch } from '../support/test';

// A line that is cut, and Chromium says so.
test.use({ expectedErrors: ['net::ERR_'] });

/** What the groups of a list or the columns of a board count, those without anything left out. */
const counts = async (page: Page) => (await page.locator('.group-head .count, .board-head .count').allInnerTexts()).filter((count) => count !== '0');
/** The titles that are shown, in their order. */
const titles = (page: Page) => page.locator('.ticket-row .ticket-link, .board-card .ticket-link').allInnerTexts();

/** A group that comes is closed, so that nothing moves under who reads. */
async function unfold(page: Page): Promise<void> {
  for (const head of await page.locator('.group-head[aria-expanded=false]').all()) await head.click();
  await page.mouse.move(5, 5);
}

test('rows come, move and leave for each who may see them, also after a line that was cut', async ({ page, demo, browser }) => {
  test.setTimeout(150_000);
  const owner = await AgentApi.signIn(demo);
  const { teams } = await owner.call<{ teams: { id: number }[] }>('items/catalog');
  const [theirs, ours] = teams.map((team) => team.id);
  const tag = `mb${Date.now()}`;
  const ticket = async (title: string, priority: number, team: number) => {
    const item = { title: `${tag} ${title}`, tags: [tag], priority };
    const { row } = await owner.call<{ row: { number: number; version: number } }>('items/create', { item });
    await owner.call('items/change', { number: row.number, version: row.version, changes: [{ field: 'teams', value: [team] }] });
    return row.number;
  };
  const change = async (number: number, field: string, value: unknown) => {
    const { row } = await owner.call<{ row: { version: number } }>('items/get', { number });
    await owner.call('items/change', { number, version: row.version, changes: [{ field, value }] });
  };
  const email = `mo.${Date.now()}@taquilla.example`;
  await owner.call('admin/invite_agent', { agent: { name: 'Mo Member', email, role: 'agent', access: 'teams', teams: [ours] } });
  const first = await ticket('first', 5, ours);
  const second = await ticket('second', 3, ours);
  const foreign = await ticket('foreign', 5, theirs);

  // Mo has the list in one tab and the board in another, behind a line; the owner has the list.
  const line = await Line.open(demo.url);
  const context = await browser.newContext();
  const [errors, recorder] = [watch(context), new Recorder(context)];
  const list = await context.newPage();
  await list.goto(line.url + (await demo.link(email)));
  await hydrated(list);
  await list.getByLabel('New password').fill('a secret of Mo for tests');
  await list.getByRole('button', { name: 'Set the password' }).click();
  await expect(list).toHaveURL(/\/desk\/tickets/);
  const board = await context.newPage();
  const address = `/desk/tickets?view=all&filter=${encodeURIComponent(`tag:${tag} priority>=2`)}&group=priority`;
  await signIn(page, demo);
  for (const [tab, url] of [[list, line.url + address], [board, `${line.url}${address}&layout=board`], [page, demo.url + address]] as const) {
    await tab.goto(url);
    await hydrated(tab);
    await tab.mouse.move(5, 5);
  }
  const see = async (mine: string[], all: string[]) => {
    await expect.poll(() => counts(list), { timeout: 10_000 }).toEqual(mine);
    await expect.poll(() => counts(board), { timeout: 10_000 }).toEqual(mine);
    await expect.poll(() => counts(page), { timeout: 10_000 }).toEqual(all);
  };
  await see(['1', '1'], ['2', '1']);

  // One moves to the group of the other, one leaves, one comes.
  await change(first, 'priority', 3);
  await see(['2'], ['1', '2']);
  await change(second, 'priority', 1);
  await see(['1'], ['1', '1']);
  const third = await ticket('third', 4, ours);
  await see(['1', '1'], ['1', '1', '1']);
  await unfold(list);
  await expect.poll(() => titles(list)).toEqual([`${tag} third`, `${tag} first`]);

  // What is not theirs may change as it likes.
  await change(foreign, 'priority', 2);
  await see(['1', '1'], ['1', '1', '1']);
  expect(await recorder.contains(`${tag} foreign`)).toEqual([]);

  // Nobody hears anything for a while.
  line.cut();
  await change(first, 'priority', 5);
  await change(third, 'priority', 1);
  const fourth = await ticket('fourth', 5, ours);
  await change(foreign, 'priority', 5);
  await line.mend();
  await see(['2'], ['3']);
  await unfold(list);
  await expect.poll(async () => (await titles(list)).sort()).toEqual([`${tag} first`, `${tag} fourth`]);
  expect(await recorder.contains(`${tag} foreign`)).toEqual([]);

  // It becomes theirs, and another one is taken from them.
  await change(foreign, 'teams', [ours]);
  await see(['3'], ['3']);
  await change(fourth, 'teams', [theirs]);
  await see(['2'], ['3']);
  await expect.poll(async () => (await titles(board)).sort()).toEqual([`${tag} first`, `${tag} foreign`]);
  await context.close();
  await line.close();
  expect(errors.filter((error) => !error.includes('net::ERR_'))).toEqual([]);
});
