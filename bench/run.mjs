// How fast and how large Taquilla is with many tickets, on both databases, against the budgets.
//
//   node bench/run.mjs [--items 1000000] [--engine sqlite|postgres] [--only asking|live|scroll] [--keep FOLDER]
//
// `make bench` starts it beside a PostgreSQL server. It fills an empty database (seeded), starts the release binary, asks what
// browsers ask, one request after the other on one kept connection, and prints the 95th percentile as the client sees it.
// With --keep FOLDER what was filled in stays there and is measured again the next time. Past twice a budget it fails: a busy machine is not a regression. Where only a part is measured, the results are not kept.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { cold, end, freePort, rss, serve, waitFor } from './server.mjs';
import { Client, percentile } from './client.mjs';
import { live } from './live.mjs';
import { load } from './load.mjs';
import { scroll } from './scroll.mjs';
import { views } from './views.mjs';

const option = (name, fallback) => (process.argv.includes(`--${name}`) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : fallback);
const items = Number(option('items', 1_000_000));
const engines = option('engine', null) ? [option('engine', null)] : ['sqlite', 'postgres'];
const only = option('only', null);
const keep = option('keep', null);
const binary = process.env.TAQUILLA_BIN;
if (!binary) throw new Error('Set TAQUILLA_BIN to the release binary, or use make bench.');

/** One measured thing: lower is better unless `atLeast`. */
const results = [];
const note = (engine, what, value, unit, budget, atLeast = false) => {
  const ok = budget === null || (atLeast ? value >= budget : value <= budget);
  const failed = budget !== null && !(atLeast ? value >= budget / 2 : value <= budget * 2);
  results.push({ engine, what, value, unit, budget, atLeast, ok, failed });
  console.error(`  ${what}: ${round(value)} ${unit}${ok ? '' : ' (past the budget)'}`);
};
const round = (value) => (value >= 100 ? Math.round(value) : Math.round(value * 10) / 10);

for (const engine of engines) await measure(engine);
report();
process.exit(results.some((result) => result.failed) ? 1 : 0);

async function measure(engine) {
  const data = keep ? join(keep, engine) : mkdtempSync(join(os.tmpdir(), 'taquilla-bench-'));
  const port = await freePort();
  const base = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TAQUILLA_')));
  const env = { ...base, TAQUILLA_DATA: data, TAQUILLA_ADDR: `127.0.0.1:${port}`, TAQUILLA_LOG: 'warn', NO_COLOR: '1' };
  const kept = keep && existsSync(join(data, 'printed'));
  if (engine === 'postgres') env.TAQUILLA_DATABASE_URL = postgresDatabase(kept);
  const url = `http://127.0.0.1:${port}`;
  try {
    const printed = kept ? readFileSync(join(data, 'printed'), 'utf8') : fill(engine, env);
    if (keep && !kept) writeFileSync(join(data, 'printed'), printed);
    // The owner, an agent and a customer, in this order.
    const [agent, colleague, customer] = [...printed.matchAll(/([\w.+-]+@[\w.-]+)\s+([A-Z2-9]{16})\b/g)].map(([, email, password]) => ({ email, password }));
    if (!only || only === 'asking') await asking(engine, env, url, agent);
    if (!only || only === 'scroll') await scrolling(engine, env, url, agent);
    if (only && only !== 'live') return;
    console.error(`${engine}: streams`);
    await live((...what) => note(engine, ...what), { binary, env, url, people: { agent, colleague, customer } });
  } finally {
    if (!keep) rmSync(data, { recursive: true, force: true });
  }
}

/** Answers what was printed, which says who can sign in. */
function fill(engine, env) {
  console.error(`${engine}: filling it with ${items.toLocaleString('en')} tickets`);
  const begin = performance.now();
  const printed = execFileSync(binary, ['demo', '--items', `${items}`, '--seed', '1'], { env, encoding: 'utf8', maxBuffer: 1 << 26 });
  note(engine, 'Filling the empty database', (performance.now() - begin) / 1000, 's', null);
  return printed;
}

/** One request after the other. */
async function asking(engine, env, url, { email, password }) {
  note(engine, 'Cold start to the first page', await cold(binary, env, url), 'ms', 300);
  const server = serve(binary, env);
  try {
    await waitFor(url, server);
    const agent = await Client.signIn(url, 'agent', email, password);
    await agent.page('/desk/tickets');
    await new Promise((wake) => setTimeout(wake, 1500));
    note(engine, 'Memory, idle', rss(server.pid), 'MB', 150);

    await lists(engine, agent);
    await views((...what) => note(engine, ...what), agent);
    const numbers = await sample(agent);
    await opening(engine, agent, numbers);
    await changing(engine, agent, numbers);
    await portal(engine, agent, url, env.TAQUILLA_DATA);
    note(engine, 'Memory, afterwards', rss(server.pid), 'MB', 300);
  } finally {
    await end(server);
  }
}

/** The same in a browser; the server has little to do with it, so one engine says it. */
async function scrolling(engine, env, url, agent) {
  if (engine !== engines[0]) return;
  console.error(`${engine}: scrolling`);
  const server = serve(binary, env);
  try {
    await waitFor(url, server);
    await scroll((...what) => note(engine, ...what), url, agent, items);
  } finally {
    await end(server);
  }
}

/** A database of our own on the server that with-postgres started. */
function postgresDatabase(kept) {
  const url = process.env.TAQUILLA_TEST_POSTGRES_URL;
  if (!url) throw new Error('There is no PostgreSQL: use make bench, or --engine sqlite.');
  if (kept) return url.replace(/\/[^/]*$/, '/bench');
  const made = spawnSync('psql', ['-d', url, '-qc', 'DROP DATABASE IF EXISTS bench', '-c', 'CREATE DATABASE bench'], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`psql: ${made.stderr ?? made.error}`);
  return url.replace(/\/[^/]*$/, '/bench');
}

async function lists(engine, agent) {
  const views = ['mine', 'team_unassigned', 'open', 'waiting', 'unanswered', 'recently_done', 'all'];
  const sorts = ['updated', 'created', 'priority', 'title', 'status', 'requester'];
  let worst = { p95: 0, name: '' };
  for (const view of views) {
    const times = [];
    let slowest = { p95: 0, by: '' };
    for (const by of sorts) {
      const query = { view, sort: `-${by}`, limit: 50 };
      const these = await agent.time(25, () => agent.call('items/list', { query }));
      times.push(...these);
      const p95 = percentile(these, 95);
      if (p95 > slowest.p95) slowest = { p95, by };
    }
    if (slowest.p95 > worst.p95) worst = { p95: slowest.p95, name: `${view} by ${slowest.by}` };
    note(engine, `List, first page: ${view} (six sorts)`, percentile(times, 95), 'ms p95', 50);
  }
  note(engine, `List, slowest of 42: ${worst.name}`, worst.p95, 'ms p95', 50);

  const deep = [];
  let after = null;
  for (let page = 0; page < 40; page += 1) {
    const begin = performance.now();
    const answer = await agent.call('items/list', { query: { view: 'all', sort: '-updated', limit: 100, after } });
    deep.push(performance.now() - begin);
    after = answer.next;
    if (!after) break;
  }
  note(engine, 'List, pages 1 to 40 of all', percentile(deep, 95), 'ms p95', 50);
  note(engine, 'Counts of all views', percentile(await agent.time(20, () => agent.call('items/counts')), 95), 'ms p95', 250);
  for (const [name, text] of [['number', '#4711'], ['a word', 'printer'], ['a name', 'maria']]) {
    const times = await agent.time(25, () => agent.call('items/list', { query: { view: 'all', text } }));
    note(engine, `Search by ${name}`, percentile(times, 95), 'ms p95', 100);
  }
  for (const [name, text] of [['a letter', 'm'], ['two letters', 'ma'], ['a number', '#4711'], ['a common word', 'machine'], ['a name', 'maria'], ['a filter', 'category:todo machine']]) {
    const times = await agent.time(25, () => agent.call('find/find', { text, at: text.length }));
    note(engine, `Sections while one types: ${name}`, percentile(times, 95), 'ms p95', 100);
  }
  note(engine, 'The list as a page', percentile(await agent.time(25, () => agent.page('/desk/tickets?view=open')), 95), 'ms p95', 100);
}

/** Numbers of tickets spread over the whole. */
async function sample(agent) {
  const numbers = new Set();
  for (let index = 0; index < 300; index += 1) numbers.add(1 + ((index * 7919 * 13) % items));
  const found = [];
  for (const number of numbers) {
    const item = await agent.call('items/get', { number }).catch(() => null);
    if (item) found.push(number);
  }
  return found;
}

async function opening(engine, agent, numbers) {
  let next = 0;
  const times = await agent.time(numbers.length, () => agent.call('items/get', { number: numbers[next++ % numbers.length] }));
  note(engine, 'Open a ticket', percentile(times, 95), 'ms p95', 50);
}

async function changing(engine, agent, numbers) {
  const change = [];
  const reply = [];
  for (const number of numbers.slice(0, 200)) {
    const { row } = await agent.call('items/get', { number });
    let begin = performance.now();
    await agent.call('items/change', { number, version: row.version, changes: [{ field: 'priority', value: (row.priority + 1) % 6 }] });
    change.push(performance.now() - begin);
    begin = performance.now();
    await agent.call('items/write', {
      message: { item: number, kind: 'reply', html: '<p>Thank you. We look into it and come back to you today.</p>', idempotency_key: `bench-${number}` },
    });
    reply.push(performance.now() - begin);
  }
  note(engine, 'Change a field (committed)', percentile(change, 95), 'ms p95', 20);
  note(engine, 'Reply (committed)', percentile(reply, 95), 'ms p95', 20);
}

/** The list page of a customer with more tickets than a page shows, under load. */
async function portal(engine, agent, url, data) {
  const cookie = await busyCustomer(agent, data);
  const page = `${url}/p/support`;
  const measured = await load(page, cookie, { connections: 16, seconds: 10 });
  note(engine, `Portal list page, 16 clients (${measured.tool})`, measured.rate, 'requests/s', 1000, true);
  note(engine, 'Portal list page, 16 clients', measured.p95, 'ms p95', 25);
}

/** The session of that customer with the most tickets who has never signed in. */
async function busyCustomer(agent, data) {
  const seen = new Map();
  let after = null;
  for (let page = 0; page < 5; page += 1) {
    const answer = await agent.call('items/list', { query: { view: 'all', limit: 200, after } });
    for (const { requester } of answer.rows) if (requester) seen.set(requester.id, (seen.get(requester.id) ?? 0) + 1);
    after = answer.next;
    if (!after) break;
  }
  const busiest = [...seen].sort((a, b) => b[1] - a[1]).map(([id]) => id);
  for (const id of busiest) {
    const { access } = await agent.call('customers/get', { customer: id });
    if (access === 'none' || access === 'invited') return agent.asCustomer(id, data);
  }
  throw new Error('Every customer can sign in already.');
}

function report() {
  const date = new Date().toISOString().slice(0, 10);
  const lines = [
    `# Benchmark, ${date}`,
    '',
    `${items.toLocaleString('en')} tickets, release build, ${os.cpus().length} × ${os.cpus()[0].model}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ` +
      `Linux ${os.release().split('-')[0]}; the load generator runs on the same machine. Times are what a client on the loopback address sees.`,
    '',
    `| what | budget | ${engines.join(' | ')} |`,
    `|---|---:|${engines.map(() => '---:|').join('')}`,
  ];
  // Which of the lists is the slowest differs from engine to engine.
  const shown = ({ what }) => what.replace(/slowest of 42: .*/, 'slowest of 42');
  const names = [...new Set(results.map(shown))];
  for (const name of names) {
    const rows = engines.map((engine) => results.find((result) => result.engine === engine && shown(result) === name));
    const one = rows.find(Boolean);
    const budget = one.budget === null ? '–' : `${one.atLeast ? '≥' : '≤'} ${one.budget} ${one.unit}`;
    const values = rows.map((row) => (row ? `${round(row.value)}${row.budget === null ? ` ${row.unit}` : ''}${row.failed ? ' ✗✗' : row.ok ? '' : ' ✗'}` : ''));
    lines.push(`| ${name} | ${budget} | ${values.join(' | ')} |`);
  }
  lines.push('', '✗ is past the budget, ✗✗ past twice the budget, which fails the run.');
  const text = lines.join('\n');
  console.log(text);
  if (only) return;
  const folder = new URL('./results/', import.meta.url).pathname;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${date}.md`), `${text}\n`);
}
