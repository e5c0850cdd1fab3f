// Scrolling through a list of 100,000 rows in a browser: which frames came too late.
import { chromium } from '../end2end/node_modules/playwright/index.mjs';
import { percentile } from './client.mjs';

/** Rows to scroll through. */
const ROWS = 100_000;
/** Rows that pass with each frame: 5,760 pixels a second at 60 frames/s, as fast as a wheel is turned by somebody who looks for something. */
const PACE = 3;
/** Frames that count. */
const FRAMES = 1_800;
/** A frame that takes longer than this was dropped: at 60 frames/s each takes 16.7 ms. */
const LATE = 25;

export async function scroll(note, url, { email, password }, items) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${url}/desk/sign-in`);
    await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
    await page.locator('#email').fill(email);
    await page.locator('#password').fill(password);
    await page.locator('#password').press('Enter');
    await page.waitForURL(/\/desk\/tickets/);
    await page.goto(`${url}/desk/tickets?view=all`);
    await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
    await page.locator('.vlist [role=row]').nth(5).waitFor();

    // An empty page of the same browser says what the machine can do.
    const still = await page.evaluate(frames, { pace: 0, count: 300, rows: 0 });
    report(note, 'Frames at rest', still);
    const wanted = Math.min(ROWS, items);
    const begin = performance.now();
    const loaded = await page.evaluate(load, wanted);
    note(`Rows loaded by scrolling to the end`, loaded, 'rows', null);
    note(`The same`, (performance.now() - begin) / 1000, 's', null);
    const down = await page.evaluate(frames, { pace: PACE, count: FRAMES, rows: loaded });
    report(note, `Scrolling ${loaded.toLocaleString('en')} rows, ${PACE} a frame`, down);
    const jumps = await page.evaluate(frames, { pace: 997, count: 300, rows: loaded });
    report(note, 'The same in leaps of 997 rows', jumps);
    const heap = await page.evaluate(() => performance.memory?.usedJSHeapSize / 1e6);
    if (heap) note('Memory of scripts then', heap, 'MB', null);
  } finally {
    await browser.close();
  }
}

function report(note, what, { times, blank }) {
  const late = times.filter((time) => time > LATE).length;
  note(`${what}: frames`, 1000 / (times.reduce((sum, time) => sum + time, 0) / times.length), 'frames/s', null);
  note(`${what}: frames later than ${LATE} ms`, late, `of ${times.length}`, null);
  note(`${what}: a frame`, percentile(times, 95), 'ms p95', what.startsWith('Scrolling') ? LATE : null);
  note(`${what}: frames that show a gap`, blank, `of ${times.length}`, null);
}

/** In the page: scrolls by `pace` rows with each frame, back and forth, and tells how long each took. */
function frames({ pace, count, rows }) {
  const list = document.querySelector('.vlist');
  const height = list.querySelector('[role=row][id]')?.offsetHeight || 32;
  const most = Math.max(0, rows * height - list.clientHeight);
  list.scrollTop = most / 2;
  return new Promise((done) => {
    const times = [];
    let blank = 0;
    let way = 1;
    let last = 0;
    const step = (now) => {
      if (last) times.push(now - last);
      last = now;
      if (pace > 0) {
        const box = list.getBoundingClientRect();
        const seen = document.elementFromPoint(box.left + 300, box.top + box.height / 2);
        if (!seen?.closest('[role=row]')) blank += 1;
        if (list.scrollTop >= most - 1) way = -1;
        if (list.scrollTop <= 0) way = 1;
        list.scrollTop += way * pace * height;
      }
      if (times.length >= count) done({ times, blank });
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}

/** In the page: goes to the end until so many rows are there or no more come. */
async function load(wanted) {
  const list = document.querySelector('.vlist');
  const height = list.querySelector('[role=row][id]')?.offsetHeight || 32;
  const deadline = performance.now() + 300_000;
  let rows = 0;
  let since = performance.now();
  while (rows < wanted && performance.now() < deadline && performance.now() - since < 10_000) {
    list.scrollTop = list.scrollHeight;
    await new Promise((wake) => requestAnimationFrame(wake));
    const now = Math.floor(list.scrollHeight / height);
    if (now > rows) since = performance.now();
    rows = Math.max(rows, now);
  }
  return rows;
}
