import type { ServiceRecord } from '../discovery/registry.ts';
import { output, requestText, textOption, typedRequest } from './call.ts';
import { CommandError, type Planned } from './command.ts';
import { adminOnly, type EndpointFacts, endpointFacts } from './endpoint-facts.ts';
import { foldName, type JsonScalar, scalarsOf, valuesOf } from './json-scalars.ts';
import { noPlan, type Plan, type PlannedNode } from './plan.ts';
import { strictest } from './rules.ts';
import type { Whereabouts } from './whereabouts.ts';

export interface CallPlanOptions {
  readonly where: Whereabouts;
  /** Services whose names begin with it are commands. Default `go.micro.bot`. */
  readonly namespace?: string | undefined;
}

const defaultNamespace = 'go.micro.bot';

/**
 * What it would do to call or stream an endpoint: to call what is a command amounts to run that command, so the strictest of what its versions
 * ask for counts. What stands at an address of the caller's own choice is not known, and so an administrator's alone.
 */
export const planCall =
  ({ where, namespace = defaultNamespace }: CallPlanOptions) =>
  async (planned: Planned): Promise<Plan> => {
    const { args, options } = planned;
    const [service, endpoint] = [args.word(0) ?? '', args.word(1) ?? ''];
    // It only says what is missing.
    if (service === '' || endpoint === '') return { ...noPlan, effect: 'read' };
    output(planned);
    const scalars = scalarsOf(requestText(typedRequest(args, 2)));
    const address = textOption(options, 'address');
    const records = await recordsOf(where, service, address);
    const facts = (await Promise.all(records.map((record) => endpointFacts(record, endpoint, namespace)))).flat();
    const rules = strictest([
      ...(address === undefined ? [] : [adminOnly]),
      ...(facts.length === 0 ? [nothingKnown(endpoint)] : facts.map((each) => each.rules)),
    ]);
    const { effect, guard, lock, secretFields } = rules;
    const spell = spelling(facts);
    const serving = records.filter(({ endpoints }) => endpoints.some(({ name }) => name === endpoint));
    const versions = address === undefined ? (serving.length === 0 ? records : serving) : [];
    const [only, ...others] = versions;
    return {
      parameters: valuesOf(scalars, spell),
      secrets: secretsOf(scalars, facts, spell),
      secretFields,
      amounts: [...new Set(facts.flatMap(({ commands }) => commands))],
      effect,
      guard,
      ...(lock === undefined ? {} : { lock }),
      target: { service, endpoint, version: others.length === 0 ? (only?.version ?? '') : '' },
      nodes: async () => (address === undefined ? nodesOf(versions) : [{ id: '', address, version: '' }]),
    };
  };

/** Nobody says anything of it. */
const nothingKnown = (endpoint: string): EndpointFacts['rules'] => ({
  effect: endpoint.startsWith('Debug.') ? 'read' : 'change',
  guard: { scopes: [], confirm: false, approvals: 0 },
  lock: undefined,
  secretFields: [],
});

/** Who calls an address does not need the registry. */
async function recordsOf(
  where: Whereabouts,
  service: string,
  address: string | undefined,
): Promise<readonly ServiceRecord[]> {
  try {
    return await where.of(service);
  } catch (error) {
    if (address === undefined || !(error instanceof CommandError)) throw error;
    return [];
  }
}

/** A field's name as the service spells it. */
function spelling(facts: readonly EndpointFacts[]): (name: string) => string {
  const names = new Map(facts.flatMap(({ fields }) => fields.map((name) => [foldName(name), name] as const)));
  return (name) => names.get(foldName(name)) ?? name;
}

function secretsOf(
  scalars: readonly JsonScalar[],
  facts: readonly EndpointFacts[],
  spell: (name: string) => string,
): readonly string[] {
  const isAll = facts.some(({ secrets }) => secrets === undefined);
  const names = new Set(facts.flatMap(({ secrets = [] }) => secrets.map(spell)));
  const hidden = scalars.filter(
    ({ path: [first = ''], kind }) => (isAll && kind === 'string') || names.has(spell(first)),
  );
  // Escapes hide it from who looks for its value in the line.
  return [...new Set(hidden.flatMap(({ value, typed }) => [value, typed]))].filter((secret) => secret !== '');
}

const nodesOf = (records: readonly ServiceRecord[]): readonly PlannedNode[] =>
  records.flatMap(({ version, nodes }) => nodes.map(({ id, address }) => ({ id, address, version })));
