import type { Endpoint, Metadata, ServiceRecord } from '../discovery/registry.ts';
import { maxAliases, readDeclared } from './declared.ts';
import { execEndpoint, wordOf, wordsName } from './namespace.ts';
import { rulesMetadata } from './namespaces.ts';
import { type Declaration, type Parameter, parametersOf } from './parameter.ts';
import { listOf, readRules, type Rules, strictest } from './rules.ts';

/** What one version of a service says of one of its endpoints, for whoever calls it directly. */
export interface EndpointFacts {
  readonly rules: Rules;
  /** The commands that a call of it amounts to. */
  readonly commands: readonly string[];
  /** Names of the request's fields. */
  readonly fields: readonly string[];
  /** What it takes as a command; none where it is no command, or nobody can read it. */
  readonly parameters: readonly Parameter[];
  /** Of those whose values are secret; undefined where that cannot be read: then every text is. */
  readonly secrets: readonly string[] | undefined;
}

/** Whoever may look after everything, in a place where nobody else can be told what is allowed. */
export const adminOnly: Rules = {
  effect: 'change',
  guard: { scopes: ['admin'], confirm: false, approvals: 0 },
  lock: undefined,
  secretFields: [],
};

const unguarded: ReadonlySet<string> = new Set(['Debug.Health', 'Debug.Stats']);

/** Rules that cannot be read let nobody pass but an administrator. */
const rulesOf = (metadata: Metadata): Rules => {
  try {
    return readRules(metadata);
  } catch {
    return adminOnly;
  }
};

/**
 * What a version says of the endpoint. One that it does not list may be another spelling of one that it lists: so all of them count. None, for
 * what every service has and nobody lists.
 */
export async function endpointFacts(
  record: ServiceRecord,
  endpoint: string,
  namespace: string,
): Promise<readonly EndpointFacts[]> {
  const listed = record.endpoints.filter(({ name }) => name === endpoint);
  const word = wordOf(record.name, namespace)?.toLowerCase();
  if (listed.length === 0 && unguarded.has(endpoint)) return [];
  const isExec = word !== undefined && (endpoint === execEndpoint || listed.length === 0);
  const all = listed.length === 0 ? record.endpoints : listed;
  const facts = await Promise.all(all.filter(({ name }) => !isExec || name !== execEndpoint).map(factsOf));
  return isExec ? [...facts, execFacts(record, word)] : facts;
}

async function factsOf({ metadata, request }: Endpoint): Promise<EndpointFacts> {
  const declared = await declarationsOf(metadata);
  const isCommand = metadata['command'] !== undefined && declared !== undefined;
  return {
    ...namedBy(metadata),
    fields: [...(request?.values ?? []).map(({ name }) => name), ...(declared?.keys() ?? [])],
    parameters: isCommand ? parametersOf(request, declared) : [],
    secrets: declared && [...declared].flatMap(([name, { secret }]) => (secret === true ? [name] : [])),
  };
}

/** A service that is a command by its name. */
const execFacts = (record: ServiceRecord, word: string): EndpointFacts => ({
  rules: rulesOf(rulesMetadata(record)),
  commands: [word],
  fields: [wordsName],
  parameters: [],
  secrets: [],
});

/** Who cannot be looked up under all of its names is an administrator's alone. */
function namedBy(metadata: Metadata): Pick<EndpointFacts, 'rules' | 'commands'> {
  const rules = rulesOf(metadata);
  const { command } = metadata;
  if (command === undefined) return { rules, commands: [] };
  try {
    const { name, aliases } = readDeclared(metadata);
    return { rules, commands: [name, ...aliases] };
  } catch {
    const names = listOf([command, metadata['aliases'] ?? ''].join(',').toLowerCase());
    const isAll = names.length <= maxAliases;
    return { rules: isAll ? rules : strictest([rules, adminOnly]), commands: names.slice(0, maxAliases) };
  }
}

/** What the metadata says of fields. Undefined: it cannot be read. */
async function declarationsOf(metadata: Metadata): Promise<ReadonlyMap<string, Declaration> | undefined> {
  const { parameters = '' } = metadata;
  if (parameters.trim() === '') return new Map();
  try {
    const { readParameters } = await import('./parameter-schema.ts');
    return readParameters(parameters);
  } catch {
    return undefined;
  }
}
