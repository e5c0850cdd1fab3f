// Takes the rich-text editor's scripts out of the first load: lazy-editor.mjs SITE_FOLDER
//
// wasm-bindgen imports every script that any part of the WebAssembly may call at the top of the entry script, so the portal,
// which has no editor, would download 120 KB of it before its first page. Here those imports become variables that
// `globalThis.taquillaEditor()` fills; the application awaits it before it shows an editor. A build that was not treated has
// no such function and its editor is there from the start.
import { readdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const folder = join(process.argv[2], 'pkg');
const name = readdirSync(folder).find((file) => /^taquilla(\.[\w-]+)?\.js$/.test(file));
if (!name) throw new Error(`There is no entry script in ${folder}.`);
const path = join(folder, name);
const source = readFileSync(path, 'utf8');

// What the WebAssembly takes from a script as it is, without a function of wasm-bindgen between: it has to be a function
// from the start, so a small one hands on to the real one.
const direct = new Map();
for (const file of readdirSync(folder).filter((file) => file.endsWith('.wasm'))) {
  for (const { module, name: wanted, kind } of WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(join(folder, file))))) {
    if (kind === 'function') direct.set(module, (direct.get(module) ?? new Set()).add(wanted));
  }
}

// Names of one or two letters are the minifier's: one of ours would hide one of those.
const MODULE = 'editorModule';
// One list of assignments for each script of the editor.
const assignments = new Map();
const variables = [];
const assign = (script, text) => assignments.set(script, [...(assignments.get(script) ?? []), text]);
let rest = source.replace(/import\s*\{([^}]*)\}\s*from\s*(["'])(\.\/snippets\/leptos-tiptap-[^"']+)\2;?/g, (_, names, __, script) => {
  for (const text of names.split(',').filter((text) => text.trim())) {
    const [exported, local = exported] = text.trim().split(/\s+as\s+/);
    variables.push(local);
    assign(script, `${local}=${MODULE}.${exported}`);
  }
  return '';
});
rest = rest.replace(/import\s*\*\s*as\s+([\w$]+)\s*from\s*(["'])(\.\/snippets\/leptos-tiptap-[^"']+)\2;?/g, (_, local, __, script) => {
  variables.push(`${local}_`);
  assign(script, `${local}_=${MODULE}`);
  const functions = [...(direct.get(script) ?? [])].map((wanted) => `${wanted}:(...a)=>${local}_.${wanted}(...a)`);
  return `const ${local}={${functions.join(',')}};`;
});
const scripts = [...assignments].map(([script, texts]) => ({ script, assign: `${MODULE}=>{${texts.join(';')}}` }));
if (/\bimport\b[^(;]*leptos-tiptap/.test(rest)) throw new Error('An import of the editor has a form that is not known here.');
if (scripts.length === 0) {
  if (!/taquillaEditor/.test(source)) console.error('The entry script imports no editor: nothing to do.');
  process.exit(0);
}

// The bridge makes the modules that the others look for, so it comes first.
const [bridge, others] = [scripts.filter(({ script }) => script.includes('bridge_runtime')), scripts.filter(({ script }) => !script.includes('bridge_runtime'))];
const load = (list) => `Promise.all([${list.map(({ script, assign }) => `import("${script}").then(${assign})`).join(',')}])`;
rest += `
let ${variables.join(',')},editorLoad;
globalThis.taquillaEditor=()=>editorLoad??=${load(bridge)}.then(()=>${load(others)}).catch(error=>{editorLoad=void 0;throw error});
`;
writeFileSync(path, rest);
if (existsSync(`${path}.br`)) writeFileSync(`${path}.br`, brotliCompressSync(rest));
if (existsSync(`${path}.gz`)) writeFileSync(`${path}.gz`, gzipSync(rest, { level: 9 }));
