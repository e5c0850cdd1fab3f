// A mail server that takes everything, throws it away and counts; until it is opened it lets callers wait.
import { createServer } from 'node:net';

export class Sink {
  /** How many mails have come, and when the last one did. */
  taken = 0;
  last = 0;
  waiting = [];

  static listen() {
    const sink = new Sink();
    sink.server = createServer((socket) => sink.serve(socket));
    return new Promise((done) => sink.server.listen(0, '127.0.0.1', () => done(Object.assign(sink, { port: sink.server.address().port }))));
  }

  open() {
    this.isOpen = true;
    for (const greet of this.waiting.splice(0)) greet();
  }

  close() {
    this.server.close();
  }

  serve(socket) {
    let text = '';
    let inData = false;
    const say = (line) => socket.write(`${line}\r\n`);
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk;
      for (;;) {
        const end = inData ? text.indexOf('\r\n.\r\n') : text.indexOf('\r\n');
        if (end < 0) return;
        const line = text.slice(0, end);
        text = text.slice(end + (inData ? 5 : 2));
        if (inData) {
          inData = false;
          this.taken += 1;
          this.last = performance.now();
          say('250 taken');
        } else if (/^(EHLO|HELO)/i.test(line)) say('250 sink');
        else if (/^DATA/i.test(line)) {
          inData = true;
          say('354 go on');
        } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
        else say('250 ok');
      }
    });
    const greet = () => say('220 sink');
    if (this.isOpen) greet();
    else this.waiting.push(greet);
  }
}
