import type { Option, OptionValues } from '../commands/command.ts';
import type { Given } from '../config/flag.ts';
import { type Environment, readValues } from '../config/values.ts';

/** A command's options from the command line and the environment; those that nobody set are absent. */
export function readOptions(options: readonly Option[], given: Given, env: Environment): OptionValues {
  const values = readValues(options, given, env);
  const entries = options.map(({ name, kind }): readonly [string, OptionValues[string] | undefined] => {
    switch (kind) {
      case 'string':
        return [name, values.string(name)];
      case 'boolean':
        return [name, values.boolean(name)];
      case 'list':
        return [name, values.list(name)];
      default:
        return kind satisfies never;
    }
  });
  return Object.fromEntries(entries.filter((entry): entry is [string, OptionValues[string]] => entry[1] !== undefined));
}
