// What a browser downloads (brotli, as the server sends it), against the budgets. Usage: size.mjs SITE_FOLDER
// A budget that is passed is marked, and fails unless a ceiling stands for it below: then only the ceiling fails.
// --report writes the table as Markdown to a file too.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { freePort, serve, waitFor } from '../bench/server.mjs';

const site = process.argv[2];
const report = process.argv.includes('--report') ? process.argv[process.argv.indexOf('--report') + 1] : null;

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

function brotli(path) {
  const bytes = readFileSync(path);
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
}

const parts = files(site)
  .filter((path) => !/\.(br|gz|map|txt)$/.test(path))
  .map((path) => ({ name: relative(site, path), raw: statSync(path).size, wire: brotli(path) }));
const sum = (list) => list.reduce((total, part) => total + part.wire, 0);

const wasm = parts.filter((part) => part.name.endsWith('.wasm'));
const scripts = parts.filter((part) => part.name.endsWith('.js'));
const styles = parts.filter((part) => /\.(css|svg|woff2?)$/.test(part.name));
const kind = (pattern) => wasm.filter((part) => pattern.test(part.name));
// The portal is a build of its own.
const portal = parts.filter((part) => /^pkg\/portal\.[^/]+\.(wasm|js)$/.test(part.name));
// The main module is the one that hydration of the agent application starts with; the manifest says which chunks each lazy
// screen needs.
const main = kind(/^pkg\/taquilla[._]/);
const manifestName = readdirSync(join(site, 'pkg')).find((name) => /^__wasm_split_manifest.*\.json$/.test(name));
const manifest = manifestName ? JSON.parse(readFileSync(join(site, 'pkg', manifestName), 'utf8')) : {};
const screens = Object.entries(manifest).map(([name, chunks]) => ({
  name: name.replace(/^__/, '').replace(/_view_\d+$/, '').replace(/_\d{8,}$/, ''),
  chunks: chunks.map((chunk) => wasm.find((part) => part.name === `pkg/${chunk}.wasm`)).filter(Boolean),
}));
// What the frame of the agent application needs; everything else there is measured without it.
const shell = screens.find((screen) => screen.name.startsWith('frame'))?.chunks ?? [];
const without = (list, known) => list.filter((part) => !known.includes(part));

// The scripts that the agents' first page loads: the entry point and everything it imports statically, at any depth. What only
// a dynamic import() reaches (the editor) is paid by the screen that uses it.
const entry = scripts.filter((part) => !portal.includes(part) && !/snippets\//.test(part.name));
const first = new Set(entry);
for (const part of first) {
  const source = readFileSync(join(site, part.name), 'utf8');
  for (const [, target] of source.matchAll(/(?:import|export)\s*(?:[^;'"()]*?\bfrom\s*)?['"](\.{1,2}\/[^'"]+)['"]/g)) {
    const found = scripts.find((script) => script.name === join(dirname(part.name), target));
    if (found) first.add(found);
  }
}
const firstScripts = [...first];
const lazyScripts = scripts.filter((part) => !first.has(part) && !portal.includes(part));

const firstLoad = sum(main) + sum(firstScripts);
const agentParts = screens.filter((screen) => screen.chunks !== shell);
// The texts come from the program: as many bytes as it sends.
const texts = await textsOf(process.env.TAQUILLA_BIN);
if (portal.length !== 2) throw new Error(`The portal's script and module are not in ${site}.`);
const KB = 1000;
const rows = [
  ['Portal, first load: wasm, scripts, texts', sum(portal) + texts.portal, 220],
  ['Agent application: that and the frame', firstLoad + texts.desk + sum(shell), 350],
  ...agentParts
    .map((screen) => [`Agent part “${screen.name.replaceAll('_', ' ')}”`, sum(without(screen.chunks, shell)), 80])
    .sort((a, b) => b[1] - a[1]),
  ['The editor\'s scripts, when it is first opened', sum(lazyScripts), null],
  ['CSS, icons, fonts', sum(styles), 30],
];

// Where the WebAssembly is past its budget today (docs/decisions/0012-sizes.md): what was measured and a little room, so that
// it cannot grow unseen. An entry goes when its row is within the budget.
const ceilings = new Map([
  ['Portal, first load: wasm, scripts, texts', 366],
  ['Agent application: that and the frame', 434],
  ['Agent part “panel”', 293],
  ['Agent part “office”', 231],
  ['Agent part “customer apps”', 196],
  ['Agent part “tickets screen”', 338],
  ['Agent part “people”', 149],
  ['Agent part “way in”', 106],
  ['Agent part “dialogs”', 87],
  ['Agent part “dashboard”', 84],
]);

const lines = ['| what (brotli) | measured | budget |', '|---|---:|---:|'];
let over = 0;
let failed = 0;
for (const [name, bytes, budget] of rows) {
  const past = budget !== null && bytes > budget * KB;
  if (past) over += 1;
  if (past && bytes > (ceilings.get(name) ?? budget) * KB) failed += 1;
  lines.push(`| ${name} | ${(bytes / KB).toFixed(1)} KB${past ? ' ✗' : ''} | ${budget === null ? '–' : `${budget} KB`} |`);
}
console.log(lines.join('\n'));
if (report) writeFileSync(report, `${lines.join('\n')}\n`);
if (main.length === 0 || styles.length === 0) {
  console.error(`There is no site in ${site}.`);
  process.exit(1);
}
if (over > 0) console.error(`${over} past the budget, ${failed} of them past what is tolerated for now.`);
if (failed > 0) process.exit(1);

/** How many bytes a server sends for an address, brotli. */
function received(address) {
  return new Promise((done, fail) => {
    get(address, { headers: { 'accept-encoding': 'br' } }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk) => (bytes += chunk.length));
      answer.on('end', () => done(bytes));
    }).on('error', fail);
  });
}

/** How many bytes the program sends for the texts of English, in the portal and in the agent application, brotli. */
async function textsOf(binary) {
  if (!binary) throw new Error('TAQUILLA_BIN must name the program: without it the texts would not be counted.');
  const data = mkdtempSync(join(tmpdir(), 'taquilla-size-'));
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TAQUILLA_')));
  const port = await freePort();
  const server = serve(binary, { ...env, TAQUILLA_DATA: data, TAQUILLA_ADDR: `127.0.0.1:${port}`, TAQUILLA_LOG: 'error' });
  try {
    const url = `http://127.0.0.1:${port}`;
    await waitFor(url, server);
    const of = async (path) => {
      const page = await (await fetch(url + path)).text();
      const script = /src="(\/i18n\/[^"]+)"/.exec(page)?.[1];
      if (!script) throw new Error(`The page ${path} names no script with its texts.`);
      return received(url + script);
    };
    return { portal: await of('/p/support/sign-in'), desk: await of('/desk/setup') };
  } finally {
    server.kill();
    rmSync(data, { recursive: true, force: true });
  }
}
