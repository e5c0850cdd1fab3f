// The file of the import journey: the real one where it is, else one of the same shape made here.
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Csv {
  path: string;
  /** How many rows it has, and how many people asked. */
  rows: number;
}

export async function supportTickets(): Promise<Csv> {
  const real = process.env.TAQUILLA_IMPORT_CSV ?? resolve(__dirname, '../../../shared/data/support-tickets.csv');
  if (existsSync(real)) return { path: real, rows: countRows(readFileSync(real, 'utf8')) };
  const path = join(await mkdtemp(join(tmpdir(), 'taquilla-csv-')), 'support-tickets.csv');
  await writeFile(path, [header, ...Array.from({ length: 300 }, (_, index) => row(index + 1))].join('\n'));
  return { path, rows: 300 };
}

function countRows(text: string): number {
  let quoted = false;
  let rows = 0;
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    else if (char === '\n' && !quoted) rows += 1;
  }
  return rows - 1 + (text.endsWith('\n') ? 0 : 1);
}

const header =
  'Ticket ID,Customer Name,Customer Email,Customer Age,Customer Gender,Product Purchased,Date of Purchase,Ticket Type,Ticket Subject,' +
  'Ticket Description,Ticket Status,Resolution,Ticket Priority,Ticket Channel,First Response Time,Time to Resolution,Customer Satisfaction Rating';

function row(id: number): string {
  const pick = <T>(list: T[]): T => list[id % list.length];
  const status = pick(['Open', 'Pending Customer Response', 'Closed']);
  const closed = status === 'Closed';
  const description = `"I'm having an issue with the ${pick(['GoPro Hero', 'LG Smart TV', 'Dell XPS'])}.\nIt says ""error ${id}"", and then, nothing."`;
  return [
    id,
    `Person ${id}`,
    `person${id}@example.com`,
    20 + (id % 50),
    'Other',
    pick(['GoPro Hero', 'LG Smart TV', 'Dell XPS']),
    '2021-03-22',
    pick(['Technical issue', 'Billing inquiry', 'Product inquiry', 'Refund request', 'Cancellation request']),
    pick(['Product setup', 'Peripheral compatibility', 'Network problem']),
    description,
    status,
    closed ? `Solved by restarting it ${id} times.` : '',
    pick(['Low', 'Medium', 'High', 'Critical']),
    pick(['Email', 'Phone', 'Chat', 'Social media']),
    status === 'Open' ? '' : '2023-06-01 12:15:36',
    closed ? '2023-06-01 18:05:38' : '',
    closed ? '3.0' : '',
  ].join(',');
}
