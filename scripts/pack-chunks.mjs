// Lays the WebAssembly that a lazy part needs into one file: pack-chunks.mjs SITE_FOLDER
//
// Splitting makes a chunk for every set of parts that share some code: with six parts some forty files, of which a part loads
// half, one request each. Here each part gets one pack: its own code and all chunks that the parts around it have not brought
// already. The loader fetches packs and takes the chunks out of them; the manifest names the packs, so the server
// announces them in the page. A build that was not treated works as it is.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const folder = join(process.argv[2], 'pkg');
const find = (pattern) => readdirSync(folder).find((name) => pattern.test(name));
const loaderName = find(/^__wasm_split\..*\.js$/);
const manifestName = find(/^__wasm_split_manifest.*\.json$/);
if (!loaderName || !manifestName) throw new Error(`There is no split WebAssembly in ${folder}.`);
const loaderPath = join(folder, loaderName);
const manifestPath = join(folder, manifestName);
let loader = readFileSync(loaderPath, 'utf8');
if (loader.includes('withPacks')) {
  console.error('The chunks are packed already: nothing to do.');
  process.exit(0);
}
const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
const compressed = existsSync(`${loaderPath}.br`);

// `people` from `__people_view_17087319919963273839`.
const short = (root) => root.replace(/^_+/, '').replace(/_view_\d+$/, '').replace(/_\d{8,}$/, '');
const roots = Object.keys(manifest);
// Parts that a part stands in (see app/src/agent/desk.rs), which are therefore loaded as well. What is not named stands alone.
const AROUND = { tickets_screen: ['frame'], panel: ['frame', 'tickets_screen'], board: ['frame', 'tickets_screen'], columns: ['frame', 'tickets_screen'], dialogs: ['frame', 'tickets_screen'], editing: ['frame', 'tickets_screen'], triage: ['frame', 'tickets_screen'], calendar: ['frame', 'tickets_screen'], dashboard: ['frame', 'tickets_screen'], people: ['frame'], office: ['frame'], finder: ['frame'] };
const around = (root) => (AROUND[short(root)] ?? []).map((wanted) => roots.find((other) => short(other) === wanted)).filter(Boolean);

// Which file each root and each chunk is in, as the loader has it.
const files = [...loader.matchAll(/new URL\("\.\/([^"]+\.wasm)", import\.meta\.url\)/g)].map(([, file]) => file);
const fileOf = (chunk) => {
  const file = `${chunk}.wasm`;
  if (!files.includes(file)) throw new Error(`The loader does not know ${file}.`);
  return file;
};
const index = new Map([...new Set(files)].map((file, at) => [file, at]));
const bytes = new Map([...index.keys()].map((file) => [file, readFileSync(join(folder, file))]));

// The packs: [file name, places of its chunks in the list of files].
const packs = new Map();
for (const root of roots) {
  const brought = new Set(around(root).flatMap((outer) => manifest[outer]));
  const chunks = manifest[root].filter((chunk) => !brought.has(chunk)).map(fileOf);
  const content = Buffer.concat(chunks.map((file) => bytes.get(file)));
  const hash = createHash('md5').update(content).digest('base64url');
  const name = `pack_${short(root)}.${hash}`;
  packs.set(root, { name, chunks });
  write(join(folder, `${name}.wasm`), content);
}

// The loader: chunks come out of packs, and each root opens its packs first.
loader = loader
  .replace(/\/\*[^*]*\*\/\n/g, '')
  .replace(/fetch\(new URL\("\.\/([^"]+\.wasm)", import\.meta\.url\)\)/g, (_, file) => `part(${index.get(file)})`)
  .replaceAll('WebAssembly.instantiateStreaming(src, imports)', 'src.then((bytes) => WebAssembly.instantiate(bytes, imports))');
let opened = 0;
loader = loader.replace(/export const (__wasm_split_load_(\w+)) = wrapAsyncCb\(makeLoad\(([\s\S]*?\])\)\);/g, (_, name, root, rest) => {
  const own = roots.find((known) => known === root || known.replace(/^_+/, '') === root.replace(/^_+/, ''));
  if (!own) throw new Error(`The manifest does not know ${root}.`);
  opened += 1;
  const list = [...around(own), own].map((each) => roots.indexOf(each));
  return `export const ${name} = wrapAsyncCb(withPacks([${list}], makeLoad(${rest})));`;
});
if (opened !== roots.length) throw new Error(`${opened} of ${roots.length} parts were found in the loader.`);
if (/fetch\(/.test(loader)) throw new Error('A chunk is fetched in a way that is not known here.');
const table = roots.map((root) => {
  const { name, chunks } = packs.get(root);
  return `["${name}.wasm",[${chunks.map((file) => index.get(file))}]]`;
});
const head = `
const SIZES = [${[...index.keys()].map((file) => bytes.get(file).length)}];
const PACKS = [${table.join(',\n')}];
const parts = new Map();
const opened = new Set();
function open(pack) {
  if (opened.has(pack)) return;
  opened.add(pack);
  const [name, chunks] = PACKS[pack];
  const all = bring(new URL('./' + name, import.meta.url));
  let from = 0;
  for (const chunk of chunks) {
    const start = from;
    from += SIZES[chunk];
    if (parts.has(chunk)) continue;
    parts.set(chunk, all.then((buffer) => new Uint8Array(buffer, start, SIZES[chunk])));
  }
}
// What waits for a part cannot be told that it did not come, so it comes when there is a network again.
async function bring(url) {
  for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
    try {
      const answer = await fetch(url);
      if (answer.ok) return await answer.arrayBuffer();
      if (answer.status === 404) return await newer();
    } catch {}
    await new Promise((wake) => {
      setTimeout(wake, wait);
      addEventListener('online', wake, { once: true });
    });
  }
}
// The server has another version by now, without this file: from here on links lead to its pages, as without a script.
function newer() {
  addEventListener('click', (event) => event.target.closest?.('a[href]') && event.stopImmediatePropagation(), true);
  return new Promise(() => {});
}
const part = (chunk) => parts.get(chunk) ?? Promise.reject(new Error('chunk ' + chunk));
function withPacks(packs, load) {
  return () => {
    packs.forEach(open);
    return load();
  };
}
`;
// Behind the imports, which have to come first.
loader = loader.replace(/^(import[^\n]*\n)/, `$1${head}`);
write(loaderPath, loader);
write(manifestPath, JSON.stringify(Object.fromEntries(roots.map((root) => [root, [packs.get(root).name]]))));
for (const file of index.keys()) for (const ending of ['', '.br', '.gz']) rmSync(join(folder, `${file}${ending}`), { force: true });
console.error(`${index.size} chunks of ${roots.length} parts are now ${packs.size} packs.`);

function write(path, content) {
  writeFileSync(path, content);
  if (!compressed) return;
  writeFileSync(`${path}.br`, brotliCompressSync(content));
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
}
