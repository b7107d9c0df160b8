import type { Endpoint } from '../discovery/registry.ts';
import { type Declaration, findParameter, type Parameter, parametersOf } from './parameter.ts';
import { checkFallback } from './parameters.ts';

/** Reads the metadata key `parameters`. Throws an `Error` that says what is wrong with it. */
export type ReadParameters = (json: string) => ReadonlyMap<string, Declaration>;

/** Whoever has to be told of a mistyped one waits for all of them. */
const maxParameters = 500;

/**
 * The parameters of an endpoint; `json` is what its metadata says of them, `lock` names some. Throws an `Error` for what cannot be: fields that
 * the request does not have, a letter for two, a default that cannot be sent, a lock on a secret.
 */
export function readShape(
  { request }: Endpoint,
  json: string | undefined,
  readParameters: ReadParameters,
  lock: readonly string[] | undefined,
): readonly Parameter[] {
  const declared = json === undefined ? undefined : readParameters(json);
  const fields = new Set(request?.values.map(({ name }) => name));
  const unknown = [...(declared?.keys() ?? [])].find((name) => fields.size > 0 && !fields.has(name));
  if (unknown !== undefined) throw new Error(`parameters: the request has no field ${unknown}`);
  const parameters = parametersOf(request, declared);
  if (parameters.length > maxParameters) {
    throw new Error(`parameters: ${parameters.length} are too many: at most ${maxParameters}`);
  }
  checkShorts(parameters);
  for (const parameter of parameters) checkFallback(parameter);
  for (const name of lock ?? []) checkLock(name, findParameter(parameters, name));
  return parameters;
}

function checkShorts(parameters: readonly Parameter[]): void {
  const shorts = parameters.flatMap(({ short }) => (short === undefined ? [] : [short]));
  const twice = shorts.find((short, index) => shorts.indexOf(short) !== index);
  if (twice !== undefined) throw new Error(`parameters: two of them are -${twice}`);
}

/** Whose turn it is can be seen by everybody. */
function checkLock(name: string, parameter: Parameter | undefined): void {
  if (parameter === undefined) throw new Error(`lock: there is no parameter ${name}`);
  if (parameter.name !== name) throw new Error(`lock: ${name} is spelt ${parameter.name}`);
  if (parameter.isSecret) throw new Error(`lock: ${name} is secret`);
}
