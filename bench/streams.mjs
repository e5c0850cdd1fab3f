// Thousands of open streams, in worker threads, because one thread has other things to do. A stream is a socket and no more: nothing
// is parsed, each piece is only looked through for the marks of the changes. Started as a worker, it reads its share of the streams.
import { connect } from 'node:net';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

/** Milliseconds on a clock that all threads share. */
export const now = () => {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
};

/** The mark of a change in the title of its ticket; a tilde is nowhere else. */
export const mark = (change) => `~${String(change).padStart(6, '0')}~`;
const MARK = 8;

/** Opens streams, spread over threads: each is an address and a cookie. */
export class Streams {
  static async open(url, doors, threads = 2) {
    const shares = Array.from({ length: threads }, (_, thread) => doors.filter((_, index) => index % threads === thread));
    const streams = new Streams();
    streams.workers = shares.map((doors) => new Worker(new URL(import.meta.url), { workerData: { url, doors } }));
    await streams.ask('open');
    return streams;
  }

  /** Expects so many changes, of these many tickets in turn; their marks begin with `first`. */
  expect(first, changes, tickets) {
    return this.ask('expect', { first, changes, tickets });
  }

  /** When each change arrived at each stream: a list of the streams, each with times by change; NaN is not yet. */
  async arrivals() {
    return (await this.ask('arrivals')).flat();
  }

  async close() {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  ask(what, more = {}) {
    const answers = this.workers.map(
      (worker) =>
        new Promise((done, fail) => {
          worker.once('message', done);
          worker.once('error', fail);
          worker.postMessage({ what, ...more });
        }),
    );
    return Promise.all(answers);
  }
}

/** One stream. */
class Stream {
  /** When each change arrived. */
  arrived = new Float64Array(0);
  first = 0;
  tickets = 1;
  rest = null;

  constructor(url, { path, cookie }, opened) {
    const { hostname, port } = new URL(url);
    this.socket = connect({
      host: hostname,
      port: Number(port),
      onread: {
        buffer: Buffer.allocUnsafe(64 * 1024),
        callback: (length, buffer) => {
          if (opened) {
            if (!buffer.toString('latin1', 0, 12).includes(' 200')) throw new Error(buffer.toString('latin1', 0, length));
            opened();
            opened = null;
          }
          this.look(buffer, length);
          return true;
        },
      },
    });
    this.socket.on('close', () => {
      if (!closing) throw new Error('A stream has ended.');
    });
    this.socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncookie: ${cookie}\r\naccept: text/event-stream\r\n\r\n`);
  }

  look(read, length) {
    let piece = read.subarray(0, length);
    if (this.rest) piece = Buffer.concat([this.rest, piece]);
    this.rest = null;
    let at = 0;
    while ((at = piece.indexOf(126, at)) >= 0) {
      if (at + MARK > piece.length) {
        this.rest = Buffer.from(piece.subarray(at));
        return;
      }
      if (piece[at + MARK - 1] === 126) this.note(Number(piece.toString('latin1', at + 1, at + MARK - 1)));
      at += MARK;
    }
  }

  /** A row tells the last change of its ticket, and with it those before. */
  note(change) {
    const time = now();
    for (let each = change - this.first; each >= 0 && Number.isNaN(this.arrived[each]); each -= this.tickets) this.arrived[each] = time;
  }
}

let closing = false;

if (!isMainThread) {
  let streams = [];
  parentPort.on('message', async ({ what, first, changes, tickets }) => {
    if (what === 'open') {
      // A few at a time: the queue of a listening socket is short.
      for (let from = 0; from < workerData.doors.length; from += 50) {
        const some = workerData.doors.slice(from, from + 50);
        await Promise.all(some.map((door) => new Promise((opened) => streams.push(new Stream(workerData.url, door, opened)))));
      }
      parentPort.postMessage('open');
    }
    if (what === 'expect') {
      for (const stream of streams) Object.assign(stream, { arrived: new Float64Array(changes).fill(NaN), first, tickets });
      parentPort.postMessage('ready');
    }
    if (what === 'arrivals') parentPort.postMessage(streams.map(({ arrived }) => arrived));
  });
}
