// Live updates with many open streams, what they cost, mails and jobs a second, and how soon a killed server is back.
import { Client, percentile } from './client.mjs';
import { cpu, end, rss, serve, waitFor } from './server.mjs';
import { Sink } from './sink.mjs';
import { Streams, mark, now } from './streams.mjs';

const STREAMS = 2000;
/** Most streams that one session may have open. */
const A_SESSION = 12;
const RATE = 50;
const SECONDS = 30;
const TICKETS = 100;
const MAILS = 600;
/** Seconds that replies are held. */
const HELD = 20;

const pause = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));

/** Measures with a server of its own on a filled database; `people` are an agent who sees everything, a
 * colleague, and a customer. */
export async function live(note, { binary, env, url, people }) {
  const sink = await Sink.listen();
  env = { ...env, TAQUILLA_SMTP_HOST: '127.0.0.1', TAQUILLA_SMTP_PORT: `${sink.port}`, TAQUILLA_SMTP_TLS: 'none', TAQUILLA_SMTP_FROM: 'desk@taquilla.example' };
  let server = serve(binary, env);
  try {
    await waitFor(url, server);
    const agent = await Client.signIn(url, 'agent', people.agent.email, people.agent.password);
    await mails(note, agent, sink);
    await hold(agent);
    await end(server);
    await pause(HELD * 1000);
    server = await backlog(note, () => serve(binary, env), sink);
    await end(server);

    // Everybody sees everything; then as at most desks: one in ten is an agent, the others are customers of another ticket.
    for (const agents of [STREAMS, STREAMS / 10]) {
      server = serve(binary, env);
      await waitFor(url, server);
      const doors = await signInAll(url, people, agents);
      await pause(2000);
      const before = rss(server.pid);
      const streams = await Streams.open(url, doors);
      await pause(5000);
      if (agents === STREAMS) {
        note('Memory of an open stream', ((rss(server.pid) - before) * 1000) / STREAMS, 'KB', null);
        note(`CPU with ${STREAMS} streams, nothing happens`, await cpu(server.pid, 10_000), '% of a core', null);
      }
      streams.hearing = agents;
      const seen = await changing(server, agent, streams, RATE, SECONDS);
      const named = `Live, ${STREAMS} streams, ${agents} of agents, ${RATE} changes/s`;
      note(`${named}: done`, seen.rate, 'changes/s', null);
      note(`${named}: a change answered`, seen.answer, 'ms p95', null);
      note(`${named}: p50`, seen.p50, 'ms', null);
      note(`${named}: p95`, seen.p95, 'ms p95', 300);
      note(`${named}: slowest`, seen.max, 'ms', null);
      note(`${named}: CPU of the server`, seen.cpu, '% of a core', null);
      note(`${named}: CPU of the load generator`, seen.own, '% of a core', null);
      note(`${named}: memory`, rss(server.pid), 'MB', null);
      if (agents === STREAMS) note(`Live, ${STREAMS} agents: most changes/s that all hear within 300 ms`, await most(server, agent, streams, seen), 'changes/s', null);
      await streams.close();
      await end(server);
    }

    server = serve(binary, env);
    const restarted = (next) => (server = next);
    note('Back after kill −9 under load', await recovery(binary, env, url, people.colleague, server, restarted), 'ms', null);
  } finally {
    await end(server);
    sink.close();
  }
}

/** A session for each twelve streams. Signing in is not limited, only failing at it. */
async function signInAll(url, people, agents) {
  const doors = [];
  for (const [realm, account, count, path] of [
    ['agent', people.agent, agents, '/live/desk'],
    ['portal', people.customer, STREAMS - agents, '/live/portal'],
  ]) {
    for (let made = 0; made < count; made += A_SESSION) {
      const { cookie } = await Client.signIn(url, realm, account.email, account.password);
      for (let each = made; each < Math.min(made + A_SESSION, count); each += 1) doors.push({ path, cookie });
    }
  }
  return doors;
}

/** How many changes were made: no title comes again, because what changes nothing is not told. */
let marked = 0;

/** Changes titles at a steady rate, over some connections, and looks when each arrived at each stream that hears of them. */
async function changing(server, agent, streams, rate, seconds) {
  const changes = rate * seconds;
  const first = marked;
  marked += changes;
  await streams.expect(first, changes, TICKETS);
  const connections = Array.from({ length: 16 }, () => new Client(agent.url, agent.cookie));
  const versions = [];
  for (let index = 0; index < TICKETS; index += 1) {
    const { row } = await agent.call('items/get', { number: index + 1 });
    versions.push(row.version);
  }
  const acknowledged = new Float64Array(changes);
  const answers = [];
  let next = 0;
  const begin = now();
  const used = process.cpuUsage();
  const measured = cpu(server.pid, seconds * 1000);
  await Promise.all(
    connections.map(async (client) => {
      while (next < changes) {
        const change = next++;
        const wait = begin + (change * 1000) / rate - now();
        if (wait > 0) await pause(wait);
        const index = change % TICKETS;
        const changes = [{ field: 'title', value: `A change ${mark(first + change)}` }];
        const asked = now();
        const { row } = await client.call('items/change', { number: index + 1, version: versions[index], changes });
        acknowledged[change] = now();
        answers.push(acknowledged[change] - asked);
        versions[index] = row.version;
      }
    }),
  );
  const took = (now() - begin) / 1000;
  const { user, system } = process.cpuUsage(used);
  const share = await measured;
  const arrivals = await complete(streams);
  const delays = arrivals.flatMap((arrived) => [...arrived].map((time, change) => Math.max(0, time - acknowledged[change])));
  if (delays.some(Number.isNaN)) throw new Error('A stream has missed a change.');
  const sorted = Float64Array.from(delays).sort();
  const part = (percent) => sorted[Math.ceil((sorted.length * percent) / 100) - 1];
  return { rate: changes / took, p50: part(50), p95: part(95), max: part(100), answer: percentile(answers, 95), cpu: share, own: (user + system) / 1e4 / took };
}

/** What arrived, once everything has, at those that hear of it. */
async function complete(streams) {
  for (const deadline = now() + 60_000; ; await pause(500)) {
    const arrivals = (await streams.arrivals()).filter((arrived) => !arrived.some(Number.isNaN));
    if (arrivals.length === streams.hearing) return arrivals;
    if (now() > deadline) throw new Error('Changes do not arrive.');
  }
}

/** The most changes a second, of some, that are done and told in time. */
async function most(server, agent, streams, seen) {
  const holds = ({ p95, rate: done }, rate) => p95 <= 300 && done > rate * 0.95;
  const at = async (rate) => holds(await changing(server, agent, streams, rate, 8), rate);
  if (holds(seen, RATE)) {
    let held = RATE;
    for (const rate of [75, 100, 150]) {
      if (!(await at(rate))) break;
      held = rate;
    }
    return held;
  }
  for (const rate of [40, 30, 20, 10, 5]) if (await at(rate)) return rate;
  return 0;
}

/** Mails a second, from a server that lets the outbox fill up first. */
async function mails(note, agent, sink) {
  for (let index = 0; index < MAILS; index += 1) {
    const message = { item: (index % TICKETS) + 1, kind: 'reply', html: '<p>Thank you.</p>', idempotency_key: `bench-mail-${index}` };
    await agent.call('items/write', { message });
  }
  const begin = performance.now();
  sink.open();
  await quiet(sink, begin);
  note(`Mails delivered, ${sink.taken} in line`, sink.taken / ((sink.last - begin) / 1000), 'mails/s', null, true);
}

/** Waits until no more mails come. */
async function quiet(sink, begin) {
  for (let still = 0, taken = -1; still < 4; await pause(500)) {
    still = sink.taken === taken && taken > 0 ? still + 1 : 0;
    taken = sink.taken;
    if (performance.now() - begin > 60_000) break;
  }
}

/** Writes replies that are held for long enough that none is sent. */
async function hold(agent) {
  await agent.call('agent/change_profile', { patch: { undo_send: { set: HELD } } });
  for (let index = 0; index < MAILS; index += 1) {
    const message = { item: (index % TICKETS) + 1, kind: 'reply', html: '<p>Thank you.</p>', hold: true, idempotency_key: `bench-held-${index}` };
    await agent.call('items/write', { message });
  }
}

/** Jobs a second, of a server that comes back when the time of all held replies is over: to send each of them, and each of its mails.
 * Answers the server. */
async function backlog(note, start, sink) {
  sink.taken = 0;
  const begin = performance.now();
  const server = start();
  await quiet(sink, begin);
  const jobs = MAILS + sink.taken;
  note(`Jobs done, ${jobs} in line`, jobs / ((sink.last - begin) / 1000), 'jobs/s', null, true);
  return server;
}

/** Kills the server while it is being written to, the median of five: from its start to the end of its first page. */
async function recovery(binary, env, url, account, server, restarted) {
  await waitFor(url, server);
  const { cookie } = await Client.signIn(url, 'agent', account.email, account.password);
  const times = [];
  for (let run = 0; run < 5; run += 1) {
    const write = async (_, writer) => {
      const client = new Client(url, cookie);
      for (let count = 0; ; count += 1) await client.call('items/create', { item: { title: `Written before the end ${run}-${writer}-${count}` } });
    };
    const writers = Promise.allSettled(Array.from({ length: 8 }, write));
    await pause(300);
    await end(server, 'SIGKILL');
    await writers;
    const begin = performance.now();
    server = restarted(serve(binary, env));
    await waitFor(url, server, 2);
    times.push(performance.now() - begin);
  }
  return percentile(times, 50);
}
