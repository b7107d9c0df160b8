// Joins the compiled modules of the program `micro` into the few files of dist/program (docs/decisions/021-the-program-is-bundled.md).
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';

/** Read from dist/src by the program and by packages alike: each class that both compare with exists once. Such a module imports nothing of ours. */
const shared = [
  'commands/command.js',
  'discovery/registry.js',
  'inputs/input.js',
  'runtime/broker/broker.js',
  'runtime/errors.js',
  'runtime/selector/selector.js',
  'runtime/transport/transport.js',
];

/** With these a bot asks who is there, before it needs anything else; mDNS is what it asks by default. */
const first = [
  'drivers/registries.js',
  'discovery/directory/follow.js',
  'discovery/mdns/mdns.js',
  'runtime/transport/answers.js',
];

/** What these load later, every bot needs, and these drivers, if no others are chosen. */
const loaders = ['main.js', 'drivers/connect.js', 'drivers/control.js'];
const usual = [
  'log/pino.js',
  'runtime/selector/cached.js',
  'runtime/server/mucp/mucp.js',
  'runtime/transport/http/http.js',
];

const isOfOthers = (id) => !id.startsWith('.') && !path.isAbsolute(id);
const needsPackage = (id) => isOfOthers(id) && !id.startsWith('node:');

/** Writes dist/program under `root`. Rejects when something is not as it should be; `isDraft`: what is not there yet is undefined when it is used. */
export async function bundleProgram(root, { isDraft = false } = {}) {
  const source = path.join(root, 'dist/src');
  const target = path.join(root, 'dist/program');
  const main = path.join(source, 'main.js');
  const bundle = await rolldown({
    cwd: root,
    input: { main },
    platform: 'node',
    external: isOfOthers,
    preserveEntrySignatures: 'allow-extension',
    shimMissingExports: isDraft,
    plugins: [{ name: 'shared', resolveId: (id, importer) => sharedModule(source, id, importer) }],
    onLog(level, log, tell) {
      if (!isDraft && !expected.has(log.code)) tell(level === 'warn' ? 'error' : level, log);
    },
  });
  const { output } = await bundle.generate({
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    comments: false,
    minifyInternalExports: false,
    codeSplitting: { includeDependenciesRecursively: false, groups: layers(source, main) },
  });
  await bundle.close();
  write(target, new Map(output.map(({ fileName, code }) => [fileName, code])));
}

/** A module may be loaded late here and be at hand there. */
const expected = new Set(['INEFFECTIVE_DYNAMIC_IMPORT']);

function sharedModule(source, id, importer) {
  if (importer === undefined || isOfOthers(id)) return null;
  const module = path.relative(source, path.resolve(path.dirname(importer), id)).replaceAll(path.sep, '/');
  return shared.includes(module) ? { id: `../src/${module}`, external: true } : null;
}

/**
 * Four files for what is loaded together, each with all that it imports in it or in those before it. `main.js` stays alone: it waits for all that
 * it loads, and whoever imported it would wait for ever. Modules that need a package are left to the automatic division, which keeps them apart
 * until somebody chooses them.
 */
function layers(source, main) {
  const closures = new Map();
  const closureOf = (id, context) => {
    const found = closures.get(id) ?? closure(id, context);
    closures.set(id, found);
    return found;
  };
  const isOwn = (id, context) => id !== main && ![...closureOf(id, context)].some(needsPackage);
  const layer = (name, priority, rootsIn) => {
    let held;
    const holds = (id, context) =>
      (held ??= new Set(rootsIn(context).flatMap((root) => [...closureOf(root, context)]))).has(id);
    return {
      debugName: name,
      name: (id, context) => (isOwn(id, context) && holds(id, context) ? name : null),
      priority,
    };
  };
  const at = (name) => path.join(source, name);
  return [
    layer('layer-start', 4, () => [main]),
    layer('layer-registry', 3, () => first.map(at)),
    layer('layer-bot', 2, (context) => [
      ...loaders.flatMap((name) => context.getModuleInfo(at(name)).dynamicallyImportedIds),
      ...usual.map(at),
    ]),
    {
      debugName: 'layer-common',
      name: (id, context) => (isOwn(id, context) ? 'layer-common' : null),
      priority: 1,
      minShareCount: 2,
    },
  ];
}

/** A module and all that are loaded with it. */
function closure(start, context) {
  const found = new Set([start]);
  for (const id of found) for (const imported of context.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  return found;
}

/** Files that stay the same are left alone: somebody may be running them. */
function write(folder, files) {
  mkdirSync(folder, { recursive: true });
  const there = new Set(readdirSync(folder));
  for (const [name, code] of files) {
    const file = path.join(folder, name);
    if (there.has(name) && readFileSync(file, 'utf8') === code) continue;
    writeFileSync(`${file}.new`, code);
    renameSync(`${file}.new`, file);
  }
  for (const name of there) if (!files.has(name)) rmSync(path.join(folder, name));
}
