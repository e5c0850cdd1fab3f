// Filters, words, groups and deep pages: what the list is asked for with many tickets.
import { readFileSync } from 'node:fs';
import { percentile } from './client.mjs';

/** Twenty filters as people have them in views, the commonest first; server/tests/plans.rs reads their plans. */
const FILTERS = readFileSync(new URL('./filters.txt', import.meta.url), 'utf8').trim().split('\n');

/** Twenty conditions, with relations. */
const LARGE =
  'category:todo,waiting priority>=1 created<today updated<today -tag:spam -tag:nothing assignee!=@me team!=@none ' +
  '(priority:5 | priority:4 | priority:3 | tag:damage | tag:hardware) messages:(by:customer) not (channel:phone | channel:social) ' +
  'published:yes has:requester messages:none(kind:note written>-1h) title!=x';

export async function views(note, agent) {
  const list = (text, more = {}) => agent.call('items/list', { query: { view: 'all', text, limit: 50, ...more } });
  const timed = async (times, ask) => percentile(await agent.time(times, ask), 95);

  const all = [];
  let slowest = { p95: 0, text: '' };
  for (const text of FILTERS) {
    const times = await agent.time(15, () => list(text));
    all.push(...times);
    const p95 = percentile(times, 95);
    if (p95 > slowest.p95) slowest = { p95, text };
  }
  note('First page of twenty filters', percentile(all, 95), 'ms p95', 50);
  console.error(`  the slowest: ${slowest.text}, ${Math.round(slowest.p95)} ms`);
  note('A filter of twenty conditions', await timed(15, () => list(LARGE)), 'ms p95', 250);

  // Words by how many tickets have them.
  note('Full text: a common word', await timed(15, () => list('machine')), 'ms p95', 100);
  note('Full text: a rare word', await timed(15, () => list('"BR-86020"')), 'ms p95', 100);
  note('Full text: two words and one not', await timed(15, () => list('machine water -refund')), 'ms p95', 100);

  for (const text of ['machine', '"BR-86020"', 'machine water']) {
    note(`Full text, the best first: ${text}`, await timed(15, () => list(text, { sort: '-relevance' })), 'ms p95', 100);
  }

  const groups = (by, query = {}) => agent.call('items/groups', { query: { view: 'open', ...query }, by, order: 'most', empty: false, measures: [] });
  for (const by of ['organization', 'agents', 'status', 'tags', 'created.month']) {
    note(`Groups of all that is open: ${by}`, await timed(15, () => groups(by)), 'ms p95', 250);
  }
  const { groups: outer } = await groups('organization');
  const within = [['organization', outer[0].key]];
  note('Groups within a group', await timed(15, () => groups('status', { within })), 'ms p95', 250);
  note('The rows of a group', await timed(15, () => list('', { view: 'open', within })), 'ms p95', 50);
  for (const by of ['status', 'agents', 'created.month']) {
    note(`Groups of all tickets: ${by}`, await timed(5, () => groups(by, { view: 'all' })), 'ms p95', 250);
  }
  await board(note, agent, groups, list);
  await counts(note, agent);
  await run(note, agent);

  // By keyset, as far as there are pages.
  for (const sort of ['-created', '-updated', 'requester']) {
    const deep = [];
    let after = null;
    for (let page = 1; page <= 1000; page += 1) {
      const begin = performance.now();
      const answer = await agent.call('items/list', { query: { view: 'all', sort, limit: 100, after } });
      if (page > 900) deep.push(performance.now() - begin);
      after = answer.next;
      if (!after) break;
    }
    if (deep.length) note(`List, pages 900 to 1,000 by ${sort.replace('-', '')}`, percentile(deep, 95), 'ms p95', 50);
  }
}

/** A board over everything: its columns with their counts, and the first cards of each. */
async function board(note, agent, groups, list) {
  const whole = async () => {
    const { groups: columns } = await groups('status', { view: 'all' });
    await Promise.all(columns.slice(0, 7).map(({ key }) => list('', { within: [['status', key]] })));
    return columns.length;
  };
  const columns = await whole();
  note(`A board of ${Math.min(columns, 7)} columns over all tickets`, percentile(await agent.time(10, whole), 95), 'ms p95', 500);
}

/** The numbers beside the views, each asked for right after a change. */
async function counts(note, agent) {
  const { rows } = await agent.call('items/list', { query: { view: 'open', limit: 50 } });
  const times = [];
  for (const { number } of rows) {
    const { row } = await agent.call('items/get', { number });
    await agent.call('items/change', { number, version: row.version, changes: [{ field: 'priority', value: (row.priority + 1) % 6 }] });
    const begin = performance.now();
    await agent.call('items/counts');
    times.push(performance.now() - begin);
  }
  note('Counts of all views after a change', percentile(times, 95), 'ms p95', 20);
}

/** A change of ten thousand tickets in the background, and what others wait for meanwhile. */
async function run(note, agent) {
  const key = `bench-${Date.now()}`;
  const query = { view: 'open', text: 'created<-1d priority<=5' };
  const begin = performance.now();
  let { id, over, total } = await agent.call('bulk/start', {
    bulk: { list: query, field: 'tags', add: ['bench'], idempotency_key: key },
  });
  note('A change of many: accepted', performance.now() - begin, 'ms', 500);
  const meanwhile = [];
  let done = 0;
  while (!over && done < 10_000) {
    const asked = performance.now();
    await agent.call('items/list', { query: { view: 'open', limit: 50 } });
    meanwhile.push(performance.now() - asked);
    await new Promise((wake) => setTimeout(wake, 50));
    ({ over, done, total } = await agent.call('bulk/run', { run: id }));
  }
  const seconds = (performance.now() - begin) / 1000;
  if (!over) await agent.call('bulk/cancel', { run: id });
  note('A change of many: tickets a second', done / seconds, 'tickets/s', 500, true);
  note('A change of many: 10,000 tickets', (10_000 * seconds) / done, 's', 20);
  note('A list meanwhile', percentile(meanwhile, 95), 'ms p95', 100);
  if (total < 10_000) console.error(`  only ${total} tickets`);
}
