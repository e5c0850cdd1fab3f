// Many clients at once on one page: wrk where it is installed, else Node, which needs much of a core itself.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import os from 'node:os';
import { join } from 'node:path';
import { percentile } from './client.mjs';

export async function load(url, cookie, { connections, seconds }) {
  if (spawnSync('wrk', ['--version']).error) return withNode(url, cookie, connections, seconds);
  const folder = mkdtempSync(join(os.tmpdir(), 'taquilla-wrk-'));
  const script = join(folder, 'report.lua');
  writeFileSync(
    script,
    `done = function(summary, latency, requests)
       io.write(string.format("\\nRESULT %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(95), summary.errors.status))
     end`,
  );
  const run = (time) =>
    spawnSync('wrk', ['-t2', `-c${connections}`, `-d${time}s`, '-s', script, '-H', `cookie: ${cookie}`, '-H', 'accept: text/html', url], { encoding: 'utf8' });
  run(2);
  const { stdout } = run(seconds);
  rmSync(folder, { recursive: true });
  const [requests, microseconds, p95, errors] = /RESULT (\d+) (\d+) (\d+) (\d+)/.exec(stdout).slice(1).map(Number);
  if (errors > 0) throw new Error(`${errors} of ${requests} pages were errors.`);
  return { tool: 'wrk', rate: requests / (microseconds / 1e6), p95: p95 / 1000 };
}

async function withNode(url, cookie, connections, seconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const get = () =>
    new Promise((done, fail) => {
      request(url, { agent, headers: { cookie, accept: 'text/html' } }, (response) => {
        response.resume();
        response.on('end', () => (response.statusCode === 200 ? done() : fail(new Error(`${response.statusCode}`))));
      })
        .on('error', fail)
        .end();
    });
  const run = async (until, times) => {
    while (performance.now() < until) {
      const begin = performance.now();
      await get();
      times.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: connections }, () => run(performance.now() + 2000, [])));
  const times = [];
  const begin = performance.now();
  await Promise.all(Array.from({ length: connections }, () => run(begin + seconds * 1000, times)));
  return { tool: 'Node', rate: times.length / ((performance.now() - begin) / 1000), p95: percentile(times, 95) };
}
