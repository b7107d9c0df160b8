import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ConfigError } from '../config/error.ts';
import type { DriverFactory, DriverKind } from './driver.ts';

/** Drivers of one kind by the names that choose them. */
export type Drivers<T> = Readonly<Record<string, T>>;

/** How a message begins that is about this kind. */
const titles: Readonly<Record<DriverKind, string>> = {
  registry: 'Registry',
  selector: 'Selector',
  transport: 'Transport',
  broker: 'Broker',
  codec: 'Codec',
  server: 'Server',
  input: 'input',
};

/** One method each port cannot do without. */
const duties: Readonly<Record<DriverKind, string>> = {
  registry: 'getService',
  selector: 'select',
  transport: 'dial',
  broker: 'publish',
  codec: 'encode',
  server: 'listen',
  input: 'messages',
};

/** The built-in driver of that name, if there is one. */
export const builtIn = <T>(drivers: Drivers<T>, name: string): T | undefined =>
  Object.hasOwn(drivers, name) ? drivers[name] : undefined;

/**
 * The factory that an installed package, or a file (`./my-broker.js`), exports under its kind's name. Throws a `ConfigError`
 * (`unknown`) when there is no such package, or it brings no driver of this kind.
 */
export async function fromPackage<T extends object>(
  kind: DriverKind,
  name: string,
  known: readonly string[],
): Promise<DriverFactory<T>> {
  const module = await load(kind, name, known);
  const factory = module[kind];
  if (typeof factory !== 'function') {
    throw new ConfigError('unknown', `${titles[kind]} ${name} not found\nThat package exports no ${kind}`);
  }
  return async (options) => {
    let made: Partial<Record<string, unknown>>;
    try {
      made = await (factory as DriverFactory<Partial<Record<string, unknown>>>)(options);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ConfigError('invalid', `${titles[kind]} ${name}: ${reason}`, { cause: error });
    }
    if (typeof made?.[duties[kind]] === 'function') return made as T;
    throw new ConfigError(
      'unknown',
      `${titles[kind]} ${name}: what it makes is no ${kind}: ${duties[kind]} is missing`,
    );
  };
}

async function load(kind: DriverKind, name: string, known: readonly string[]): Promise<Record<string, unknown>> {
  const missing = new ConfigError(
    'unknown',
    `${titles[kind]} ${name} not found\nKnown: ${known.join(', ')}, and installed packages by their names`,
  );
  const url = locate(name);
  if (url === undefined) throw missing;
  try {
    return (await import(url)) as Record<string, unknown>;
  } catch (error) {
    if (isMissing(error, url)) throw missing;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError('unknown', `${titles[kind]} ${name} could not be loaded: ${reason}`, { cause: error });
  }
}

/** Where the package is: beside this one, or in the folder that `micro` was started in. */
function locate(name: string): string | undefined {
  if (/^\.{0,2}\//.test(name)) return pathToFileURL(resolve(name)).href;
  if (!packageName.test(name)) return undefined;
  try {
    return pathToFileURL(createRequire(join(process.cwd(), 'package.json')).resolve(name)).href;
  } catch {
    // A package for import only has no entry for require: it is found from here, or not at all.
    return name;
  }
}

const packageName = /^(?:@[a-z0-9-][\w.-]*\/)?[a-z0-9][\w.-]*(?:\/[\w./-]+)?$/;

function isMissing(error: unknown, url: string): boolean {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) return false;
  // A package that is there but misses one of its own is told with its reason.
  const wanted = url.startsWith('file:') ? fileURLToPath(url) : url;
  return error.message.includes(`'${wanted}'`);
}
