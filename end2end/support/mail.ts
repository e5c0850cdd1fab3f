// Reads as much of a mail as the tests need: to whom, the subject, the plain text, and the whole as it is.

export interface Mail {
  to: string;
  subject: string;
  text: string;
  /** Every part, decoded: for looking whether something is in it at all. */
  everything: string;
}

export function parseMail(bytes: Buffer): Mail {
  const source = bytes.toString('latin1').replace(/\r\n/g, '\n');
  const { headers, body } = split(source);
  const parts = leaves(headers, body);
  const plain = parts.find((part) => part.type.startsWith('text/plain')) ?? parts[0];
  return {
    to: words(headers.get('to') ?? ''),
    subject: words(headers.get('subject') ?? ''),
    text: plain?.content ?? '',
    everything: [...headers.values()].map(words).concat(parts.map((part) => part.content)).join('\n'),
  };
}

interface Part {
  type: string;
  content: string;
}

function split(source: string): { headers: Map<string, string>; body: string } {
  const end = source.indexOf('\n\n');
  const head = (end < 0 ? source : source.slice(0, end)).replace(/\n[ \t]+/g, ' ');
  const headers = new Map(head.split('\n').map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));
  return { headers, body: end < 0 ? '' : source.slice(end + 2) };
}

function leaves(headers: Map<string, string>, body: string): Part[] {
  const type = (headers.get('content-type') ?? 'text/plain').toLowerCase();
  const boundary = /boundary="?([^";]+)"?/i.exec(headers.get('content-type') ?? '')?.[1];
  if (type.startsWith('multipart/') && boundary) {
    return body
      .split(`--${boundary}`)
      .slice(1)
      .filter((part) => !part.startsWith('--'))
      .flatMap((part) => {
        const inner = split(part.replace(/^\n/, ''));
        return leaves(inner.headers, inner.body);
      });
  }
  const encoding = (headers.get('content-transfer-encoding') ?? '').toLowerCase();
  return [{ type, content: decode(body, encoding) }];
}

function decode(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding === 'quoted-printable') return quoted(body.replace(/=\n/g, ''));
  return Buffer.from(body, 'latin1').toString('utf8');
}

function quoted(text: string): string {
  return Buffer.from(text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1').toString('utf8');
}

/** Encoded words of a header. */
function words(header: string): string {
  return header.replace(/\?=\s+=\?/g, '?==?').replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
    kind.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString('utf8') : quoted(text.replaceAll('_', ' ')),
  );
}
