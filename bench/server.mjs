// The program under measurement: start, wait, memory.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { request } from 'node:http';

export function freePort() {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

export function serve(binary, env) {
  return spawn(binary, ['serve'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Whether the page answers now. */
function answers(url) {
  return new Promise((done) => {
    const call = request(url, { agent: false }, (response) => {
      response.resume();
      response.on('end', () => done(response.statusCode < 400));
    });
    call.on('error', () => done(false));
    call.end();
  });
}

export async function waitFor(url, process, pause = 20) {
  const deadline = performance.now() + 60_000;
  while (!(await answers(`${url}/desk/sign-in`))) {
    if (process.exitCode !== null) throw new Error(`The server ended with ${process.exitCode}.`);
    if (performance.now() > deadline) throw new Error('The server does not answer.');
    await new Promise((wake) => setTimeout(wake, pause));
  }
}

/** Milliseconds from the start of the program to the end of its first page, the median of five. */
export async function cold(binary, env, url) {
  const times = [];
  for (let run = 0; run < 5; run += 1) {
    const begin = performance.now();
    const process = serve(binary, env);
    await waitFor(url, process, 2);
    times.push(performance.now() - begin);
    await end(process);
  }
  return times.sort((a, b) => a - b)[2];
}

/** Resident memory in megabytes. */
export function rss(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1000;
}

/** Ends the program, if it has not ended. */
export async function end(process, signal = 'SIGTERM') {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const gone = new Promise((done) => process.once('exit', done));
  process.kill(signal);
  await gone;
}

/** The share of one core that the program uses during this time (milliseconds), in percent. */
export async function cpu(pid, time) {
  const ticks = () => {
    const [, user, system] = /\) \S+(?: \S+){10} (\d+) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')).map(Number);
    return user + system;
  };
  const before = ticks();
  const begin = performance.now();
  await new Promise((wake) => setTimeout(wake, time));
  // A tick is 10 ms.
  return ((ticks() - before) * 10 * 100) / (performance.now() - begin);
}
