// Filters, words, groups and deep pages: what the list is asked for with many tickets.
import { percentile } from './client.mjs';

/** Twenty filters as people have them in views, the commonest first. */
const FILTERS = [
  'category:todo',
  'category:todo,waiting assignee:@me',
  'category:todo,waiting team:@myteams assignee:@none',
  'category:todo,waiting priority>=4',
  'category:waiting updated<-7d',
  'category:todo,waiting last_message_by:customer',
  'created:today',
  'created:week-1',
  'updated:month',
  'category:done resolved>-7d',
  'category:todo,waiting tag:hardware',
  'category:todo,waiting -tag:hardware',
  'category:todo,waiting has:attachment',
  'channel:portal category:todo',
  'impact:major,crisis category:todo,waiting',
  'category:todo,waiting organization:@none',
  'category:todo,waiting first_response:@none',
  'category:todo,waiting messages:(by:customer written>-7d)',
  '(priority:5 | tag:damage) category:todo,waiting',
  'category:todo,waiting not (channel:mail | channel:portal)',
];

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

  const groups = (by, query = {}) => agent.call('items/groups', { query: { view: 'open', ...query }, by, order: 'most', empty: false, measures: [] });
  for (const by of ['organization', 'agents', 'status', 'tags', 'created.month']) {
    note(`Groups of all that is open: ${by}`, await timed(15, () => groups(by)), 'ms p95', 250);
  }
  const { groups: outer } = await groups('organization');
  const within = [['organization', outer[0].key]];
  note('Groups within a group', await timed(15, () => groups('status', { within })), 'ms p95', 250);
  note('The rows of a group', await timed(15, () => list('', { view: 'open', within })), 'ms p95', 50);
  note('Groups of all tickets: created.month', await timed(5, () => groups('created.month', { view: 'all' })), 'ms p95', 250);

  // By keyset, as far as there are pages.
  const deep = [];
  let after = null;
  for (let page = 1; page <= 1000; page += 1) {
    const begin = performance.now();
    const answer = await agent.call('items/list', { query: { view: 'all', sort: '-created', limit: 100, after } });
    if (page > 900) deep.push(performance.now() - begin);
    after = answer.next;
    if (!after) break;
  }
  if (deep.length) note('List, pages 900 to 1,000', percentile(deep, 95), 'ms p95', 50);
}
