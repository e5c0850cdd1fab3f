// Asks what browsers ask, on one kept connection, and measures.
import { Agent, request } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export function percentile(times, part) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * part) / 100) - 1)];
}

export class Client {
  constructor(url, cookie) {
    this.url = url;
    this.cookie = cookie;
    this.connection = new Agent({ keepAlive: true, maxSockets: 1 });
  }

  static async signIn(url, realm, email, password) {
    const client = new Client(url, '');
    const answer = await client.form(`${realm}/sign_in`, { email, password, next: '', ...(realm === 'portal' ? { portal: 'support' } : {}) });
    client.cookie = cookieOf(answer);
    return client;
  }

  /** Sends a form as a browser does without JavaScript. */
  form(name, fields) {
    const body = new URLSearchParams(Object.entries(fields).map(([field, value]) => [`form[${field}]`, value])).toString();
    return this.send('POST', `/_fn/${name}`, body, 'application/x-www-form-urlencoded', 'text/html');
  }

  /** Calls a server function. */
  async call(name, input = {}) {
    const answer = await this.send('POST', `/_fn/${name}`, JSON.stringify(input), 'application/json', 'application/json');
    if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${answer.text.slice(0, 300)}`);
    return answer.text ? JSON.parse(answer.text) : undefined;
  }

  async page(path) {
    const answer = await this.send('GET', path, null, null, 'text/html');
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    return answer.text;
  }

  /** How long each of several runs took, in milliseconds, after one that does not count. */
  async time(runs, work) {
    const times = [];
    for (let run = 0; run <= runs; run += 1) {
      const begin = performance.now();
      await work();
      if (run > 0) times.push(performance.now() - begin);
    }
    return times;
  }

  /** Invites a customer, accepts the invitation from the held mail, and gives back the session's cookie. */
  async asCustomer(id, data) {
    const folder = join(data, 'mail');
    // In data that are kept lie the letters of earlier runs.
    const before = new Set(safely(() => readdirSync(folder), []));
    await this.call('customers/invite', { customer: id });
    for (const deadline = performance.now() + 15_000; performance.now() < deadline; ) {
      const mails = safely(() => readdirSync(folder), []).filter((name) => name.endsWith('.eml') && !before.has(name));
      for (const name of mails) {
        const text = readFileSync(join(folder, name), 'utf8').replace(/=\r?\n/g, '').replaceAll('=3D', '=');
        const token = /\/invitation\/([\w-]{20,})/.exec(text)?.[1];
        if (!token) continue;
        const visitor = new Client(this.url, '');
        return cookieOf(await visitor.form('portal/accept_invitation', { portal: 'support', token, password: 'a sentence for the benchmark' }));
      }
      await new Promise((wake) => setTimeout(wake, 100));
    }
    throw new Error('The invitation did not arrive.');
  }

  send(method, path, body, type, accept) {
    const headers = { accept, origin: this.url, 'sec-fetch-site': 'same-origin' };
    if (this.cookie) headers.cookie = this.cookie;
    if (body !== null) Object.assign(headers, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    return new Promise((done, fail) => {
      const call = request(this.url + path, { method, headers, agent: this.connection }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => done({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') }));
      });
      call.on('error', fail);
      call.end(body ?? undefined);
    });
  }
}

function cookieOf(answer) {
  const cookie = answer.headers['set-cookie']?.map((value) => value.split(';')[0]).find((value) => value.includes('taquilla_'));
  if (!cookie) throw new Error(`No session: ${answer.status} ${answer.text.slice(0, 300)}`);
  return cookie;
}

function safely(work, fallback) {
  try {
    return work();
  } catch {
    return fallback;
  }
}
