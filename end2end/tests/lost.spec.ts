// What a stopped server, a lost line or a restart does to open pages: nothing is missed, nothing comes twice, and nobody gets what
// is not theirs. An agent has the list and a ticket open, its customer the same ticket, and others write and change it.
import type { BrowserContext, Route } from '@playwright/test';
import { session } from '../support/api';
import { Desk } from '../support/desk';
import { Scene } from '../support/scene';
import { expect, hydrated, settled, test } from '../support/test';

/** Long enough that everything that goes by the clock has missed its turn: looks at the log, at rights, a browser coming back. */
const aWhile = 6_000;
const during = (time: number) => new Promise((wake) => setTimeout(wake, time));
/** Requests for the open ticket. */
const answers = /\/_fn\/(items\/get|portal\/ticket)$/;

/** Lets the server answer the next request for the open ticket, and keeps the answer until it is released. */
async function holdNext(context: BrowserContext): Promise<{ asked: Promise<void>; release: () => void }> {
  let release = () => {};
  let ask = () => {};
  const released = new Promise<void>((done) => (release = done));
  const asked = new Promise<void>((done) => (ask = done));
  const hold = async (route: Route) => {
    const response = await route.fetch();
    ask();
    await released;
    await route.fulfill({ response });
  };
  await context.route(answers, hold, { times: 1 });
  return { asked, release };
}
// A screen that is fetched ahead and does not come, and Chromium says so.
test.use({ expectedErrors: ['net::ERR_'] });

test.describe('one server', () => {
  let desk: Desk;
  let scene: Scene;
  test.beforeAll(async () => {
    desk = await Desk.start({ demo: true, items: 40 });
  });
  test.afterAll(async () => desk.stop());
  test.beforeEach(async ({ browser }) => {
    scene = await Scene.open(browser, desk);
    await scene.happen();
    await scene.complete();
  });
  test.afterEach(async () => scene.close());

  test('a server that was stopped and goes on', async () => {
    desk.pause();
    const happened = scene.happen();
    await during(aWhile);
    desk.resume();
    await happened;
    await scene.happen();
    await scene.complete();
  });

  test('a line that was cut', async () => {
    for (const { line } of scene.viewers) line.cut();
    await scene.happen();
    await scene.happen();
    for (const { line } of scene.viewers) await line.mend();
    await scene.happen();
    await scene.complete();
  });

  test('a line that is cut again and again while others write', async () => {
    for (let times = 0; times < 12; times += 1) {
      await scene.happen();
      for (const { line } of scene.viewers) line.reset();
      await during(times * 150);
    }
    await scene.complete();
  });

  test('a line that was silent', async () => {
    for (const { line } of scene.viewers) line.mute();
    await scene.happen();
    await during(aWhile);
    await scene.happen();
    for (const { line } of scene.viewers) line.speak();
    await scene.happen();
    await scene.complete();
  });

  test('a line that has forgotten its connections', async () => {
    test.setTimeout(90_000);
    for (const { line } of scene.viewers) line.forget();
    await scene.happen();
    await scene.complete(60_000);
  });

  test('a browser without a network', async () => {
    for (const { context } of scene.viewers) await context.setOffline(true);
    await scene.happen();
    await during(aWhile);
    await scene.happen();
    for (const { context } of scene.viewers) await context.setOffline(false);
    await scene.happen();
    await scene.complete();
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    test(`a server that was ended by ${signal} and started again`, async () => {
      for (const { line } of scene.viewers) line.reset();
      await scene.happen();
      await desk.restart(signal);
      await scene.happen();
      await scene.complete();
    });

    test(`a server that was ended by ${signal}, and something happened before anybody was back`, async () => {
      await desk.restart(signal);
      for (const { line } of scene.viewers) line.cut();
      await scene.happen();
      for (const { line } of scene.viewers) await line.mend();
      await scene.happen();
      await scene.complete();
    });
  }

  test('a screen that was to be fetched ahead', async ({ page, context }) => {
    const [name, value] = (await session(desk, 'agent', desk.accounts[0])).split('=');
    await context.addCookies([{ name, value, url: desk.url }]);
    await page.route(/pack_people/, (route) => route.abort());
    const failed = page.waitForEvent('requestfailed', (request) => request.url().includes('pack_people'));
    await page.goto(`${desk.url}/desk/tickets`);
    await hydrated(page);
    await failed;
    await page.unroute(/pack_people/);
    await page.getByRole('link', { name: 'Customers' }).click();
    await expect(page.getByRole('heading', { name: 'Customers' })).toBeVisible();
  });

  for (const who of ['agent', 'customer'] as const) {
    test(`an answer that does not come after a notice, at the ${who}'s`, async () => {
      const { context, page } = scene[who];
      await context.route(answers, (route) => route.abort());
      const failed = page.waitForEvent('requestfailed', (request) => answers.test(request.url()));
      await scene.reply();
      await failed;
      await context.unroute(answers);
      await scene.complete();
    });

    test(`an answer that comes after a later one, at the ${who}'s`, async () => {
      const { context, page } = scene[who];
      const { asked, release } = await holdNext(context);
      await scene.reply();
      await asked;
      await scene.reply();
      await scene.complete();
      release();
      await settled(page);
      await scene.complete();
    });
  }

  for (const who of ['agent', 'customer'] as const) {
    test(`a ticket that changed while it was being opened, at the ${who}'s`, async () => {
      const { context } = scene[who];
      await scene.leave(who);
      const { asked, release } = await holdNext(context);
      await scene.enter(who);
      await asked;
      await scene.reply();
      await scene.change();
      await settled(scene[who].page);
      release();
      await scene.complete();
    });
  }

  test('a list that was loaded anew', async () => {
    await scene.takeNew();
    await scene.change();
    await scene.arrive();
    await scene.takeNew();
    await scene.change();
    await scene.complete();
  });

  test("a title that was changed, at the customer's", async () => {
    await scene.change();
    await expect(scene.customer.page.getByRole('heading', { level: 1, name: scene.title })).toBeVisible();
  });
});

test.describe('two servers on one PostgreSQL', () => {
  let first: Desk;
  let second: Desk;
  let scene: Scene;
  test.beforeAll(async () => {
    first = await Desk.start({ demo: true, items: 40, postgres: true });
    second = await first.another();
  });
  test.afterAll(async () => first.stop());
  test.afterEach(async () => scene.close());

  test('what happens at one is seen at the other within a second', async ({ browser }) => {
    scene = await Scene.open(browser, first, { agent: first, customer: second, writer: second });
    for (const writer of [second, first]) {
      await scene.writeAt(writer);
      for (let times = 0; times < 5; times += 1) {
        await scene.happen();
        await scene.complete();
      }
    }
    const delays = await scene.delays();
    expect(delays).toHaveLength(30);
    expect(Math.max(...delays), `milliseconds: ${delays.join(' ')}`).toBeLessThan(1_000);
  });

  test('one is stopped while the other goes on', async ({ browser }) => {
    scene = await Scene.open(browser, first, { agent: first, customer: first, writer: second });
    first.pause();
    await scene.happen();
    await during(aWhile);
    await scene.happen();
    first.resume();
    await scene.happen();
    await scene.complete();
  });

  test('one is killed in the middle, and its pages go on at the other', async ({ browser }) => {
    scene = await Scene.open(browser, first, { agent: first, customer: first, writer: second });
    for (let times = 0; times < 12; times += 1) {
      await scene.happen();
      if (times === 4) {
        await first.kill();
        for (const { line } of scene.viewers) line.cut();
      }
      if (times === 7) for (const { line } of scene.viewers) await line.mend(second.url);
    }
    await scene.complete();
    await first.restart();
    await scene.happen();
    await scene.complete();
  });
});
