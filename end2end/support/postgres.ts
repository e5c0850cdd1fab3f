// Databases of our own on the PostgreSQL server that scripts/with-postgres started.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

let made = 0;

/** Makes an empty database and gives back its URL. */
export async function createDatabase(): Promise<string> {
  made += 1;
  const name = `taquilla_e2e_${process.pid}_${made}`;
  await run(`CREATE DATABASE ${name}`);
  const url = new URL(server());
  url.pathname = `/${name}`;
  return url.href;
}

/** Removes a database with everything in it, whoever is still connected. */
export async function dropDatabase(url: string): Promise<void> {
  await run(`DROP DATABASE IF EXISTS ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
}

function server(): string {
  const url = process.env.TAQUILLA_TEST_POSTGRES_URL;
  if (!url) throw new Error('There is no PostgreSQL: run the browser tests with scripts/e2e or beside scripts/with-postgres.');
  return url;
}

const run = (sql: string) => promisify(execFile)('psql', ['-d', server(), '-qc', sql]);
