// A running Taquilla: the release binary on a free port with a temporary data folder of its own.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parseMail, type Mail } from './mail';
import { createDatabase, dropDatabase } from './postgres';

const binary = process.env.TAQUILLA_BIN ?? resolve(__dirname, '../../target/release-artifact/taquilla/taquilla');

/** Who signs in, and how. */
export interface Account {
  email: string;
  password: string;
}

export class Desk {
  private process: ChildProcess | undefined;
  private output = '';
  private readonly others: Desk[] = [];
  private constructor(
    readonly data: string,
    readonly url: string,
    /** The URL of the PostgreSQL database; SQLite has none. */
    private readonly database: string | undefined,
  ) {}

  /** Starts a desk on an empty database, or on one filled with demo data. */
  static async start(options: { demo?: boolean; items?: number; postgres?: boolean } = {}): Promise<Desk> {
    const data = await mkdtemp(join(tmpdir(), 'taquilla-e2e-'));
    const desk = new Desk(data, `http://127.0.0.1:${await freePort()}`, options.postgres ? await createDatabase() : undefined);
    if (options.demo) {
      const run = await promisify(execFile)(binary, ['demo', '--seed', '7', ...(options.items ? ['--items', `${options.items}`] : [])], {
        env: desk.environment(),
      });
      desk.output += run.stdout + run.stderr;
    }
    await desk.serve();
    return desk;
  }

  /** The one-time token that first set-up asks for. */
  get setUpToken(): string {
    const found = /[?&]token=([\w-]+)/.exec(this.output) ?? /token\W+([\w-]{20,})/i.exec(this.output);
    if (!found) throw new Error(`There is no set-up token in:\n${this.output}`);
    return found[1];
  }

  /** The accounts that `taquilla demo` printed, in its order. */
  get accounts(): Account[] {
    return [...this.output.matchAll(/([\w.+-]+@[\w.-]+)\s+([A-Z2-9]{16})\b/g)].map(([, email, password]) => ({ email, password }));
  }

  /** Waits for a mail to this address that `accept` likes, and gives back the latest. */
  async mail(to: string, accept: (mail: Mail) => boolean = () => true): Promise<Mail> {
    for (const deadline = Date.now() + 15_000; ; ) {
      const found = (await this.mails(to)).filter(accept).at(-1);
      if (found) return found;
      if (Date.now() > deadline) throw new Error(`No such mail to ${to}.`);
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }

  /** Every mail to this address that is held, oldest first. */
  async mails(to: string): Promise<Mail[]> {
    const folder = join(this.data, 'mail');
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
    const mails = await Promise.all(names.map(async (name) => ({ order: Number.parseInt(name, 10), ...parseMail(await readFile(join(folder, name))) })));
    return mails.filter((mail) => mail.to.includes(to)).sort((a, b) => a.order - b.order);
  }

  /** The code in the latest mail to this address. */
  async code(to: string): Promise<string> {
    const mail = await this.mail(to, ({ text }) => code.test(text));
    return code.exec(mail.text)![1];
  }

  /** The link in the latest mail to this address, as a path. */
  async link(to: string): Promise<string> {
    const mail = await this.mail(to, ({ text }) => text.includes(this.url));
    return mail.text.slice(mail.text.indexOf(this.url) + this.url.length).split(/\s/)[0];
  }

  /** Ends the program, the hard way unless another is asked for, and starts it again on the same data. */
  async restart(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.end(signal);
    await this.serve();
  }

  /** Ends the program the hard way; `restart` starts it again. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Stops the program where it is: it keeps its connections, takes new ones, and does nothing, until `resume`. */
  pause(): void {
    this.process?.kill('SIGSTOP');
  }

  resume(): void {
    this.process?.kill('SIGCONT');
  }

  /** Starts another server on the same PostgreSQL database and the same folder; it stops with this one. */
  async another(): Promise<Desk> {
    if (!this.database) throw new Error('Only PostgreSQL takes a second server.');
    const desk = new Desk(this.data, `http://127.0.0.1:${await freePort()}`, this.database);
    this.others.push(desk);
    desk.output = this.output;
    await desk.serve();
    return desk;
  }

  async stop(): Promise<void> {
    await Promise.all([this, ...this.others].map((desk) => desk.end('SIGTERM')));
    if (this.database) await dropDatabase(this.database);
    await rm(this.data, { recursive: true, force: true });
  }

  /** What the program printed so far. */
  log(): string {
    return this.output;
  }

  private environment(): NodeJS.ProcessEnv {
    const others = Object.entries(process.env).filter(([name]) => !name.startsWith('TAQUILLA_') && !name.startsWith('LEPTOS_'));
    const database = this.database ? { TAQUILLA_DATABASE_URL: this.database } : {};
    return { ...Object.fromEntries(others), ...database, TAQUILLA_DATA: this.data, TAQUILLA_ADDR: new URL(this.url).host, NO_COLOR: '1' };
  }

  private async serve(): Promise<void> {
    const child = spawn(binary, ['serve'], { env: this.environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = child;
    const keep = (chunk: Buffer) => (this.output += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    for (const deadline = Date.now() + 20_000; ; ) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The server ended:\n${this.output}`);
      const answer = await fetch(`${this.url}/desk/sign-in`).catch(() => undefined);
      if (answer && answer.status < 500) return;
      if (Date.now() > deadline) throw new Error(`The server does not answer:\n${this.output}`);
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    // One that is paused hears of nothing but the hardest.
    child.kill('SIGCONT');
    await gone;
  }
}

const code = /^\s*([2-9A-HJ-NP-Z]{8})\s*$/m;

async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
