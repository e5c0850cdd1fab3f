// The line between a browser and a server, which can be cut, can fall silent, and can lead to another server.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class Line {
  private readonly connections = new Set<Connection>();
  private silent = false;
  private bytes: Buffer[] = [];
  private constructor(
    private readonly listener: Server,
    private readonly port: number,
    private to: string,
  ) {}

  /** A line to the server at this address. */
  static async open(to: string): Promise<Line> {
    const listener = createServer();
    await listen(listener, 0);
    const line = new Line(listener, (listener.address() as AddressInfo).port, to);
    listener.on('connection', (browser) => line.accept(browser));
    return line;
  }

  /** Where the browser finds it. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Every byte that came from the server so far. */
  get received(): string {
    return Buffer.concat(this.bytes).toString('utf8');
  }

  /** Ends every connection hard and refuses others, until `mend`. */
  cut(): void {
    this.listener.close();
    this.reset();
  }

  /** Takes connections again, from now on to this server. */
  async mend(to = this.to): Promise<void> {
    this.to = to;
    await listen(this.listener, this.port);
  }

  /** Ends every connection hard; others are taken. */
  reset(): void {
    for (const connection of this.connections) connection.reset();
  }

  /** Nothing passes and nobody is told, in no direction and on no new connection, until `speak`. */
  mute(): void {
    this.silent = true;
    for (const connection of this.connections) connection.hold();
  }

  /** What was held passes now. */
  speak(): void {
    this.silent = false;
    for (const connection of this.connections) connection.release();
  }

  /** The connections that there are stay silent for ever, as after a router that has forgotten them; new ones work. */
  forget(): void {
    for (const connection of this.connections) connection.hold();
    this.connections.clear();
  }

  async close(): Promise<void> {
    if (this.listener.listening) this.listener.close();
    this.reset();
  }

  private accept(browser: Socket): void {
    const { hostname, port } = new URL(this.to);
    const server = connect({ host: hostname, port: Number(port) });
    server.on('data', (chunk) => this.bytes.push(chunk));
    const connection = new Connection(browser, server);
    if (this.silent) connection.hold();
    this.connections.add(connection);
    browser.once('close', () => this.connections.delete(connection));
  }
}

/** Two sockets; what happens to the one happens to the other, at once or when it is no longer held. */
class Connection {
  private held: (() => void)[] | undefined;

  constructor(
    private readonly browser: Socket,
    private readonly server: Socket,
  ) {
    for (const [from, to] of [[browser, server], [server, browser]]) {
      from.setNoDelay(true);
      from.on('data', (chunk) => this.pass(() => to.write(chunk)));
      from.on('end', () => this.pass(() => to.end()));
      // What ends hard on one side ends so on the other; a refusal is such an end.
      from.on('error', () => this.pass(() => to.resetAndDestroy()));
      from.on('close', () => this.pass(() => to.destroySoon()));
    }
  }

  hold(): void {
    this.held ??= [];
  }

  release(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const happened of held) happened();
  }

  reset(): void {
    this.held = undefined;
    this.browser.resetAndDestroy();
    this.server.resetAndDestroy();
  }

  private pass(happened: () => void): void {
    if (this.held) this.held.push(happened);
    else happened();
  }
}

function listen(listener: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    listener.once('error', fail);
    listener.listen(port, '127.0.0.1', () => {
      listener.off('error', fail);
      done();
    });
  });
}
