import type { ServiceRecord } from '../discovery/registry.ts';
import type { AsPlanned } from './as-planned.ts';
import { output, requestText, textOption, typedRequest } from './call.ts';
import { CommandError, type Planned } from './command.ts';
import { adminOnly, type EndpointFacts, endpointFacts } from './endpoint-facts.ts';
import { foldName, type JsonScalar, scalarsOf, segment, valuesOf } from './json-scalars.ts';
import { membersOf } from './members.ts';
import { noPlan, type ParameterValues, type Plan, type PlannedNode } from './plan.ts';
import { strictest } from './rules.ts';
import type { Whereabouts } from './whereabouts.ts';
import { meantBy } from './whole.ts';

export interface CallPlanOptions {
  /** Is told what is planned. */
  readonly planned?: Pick<AsPlanned, 'keep'>;
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
  ({ where, planned, namespace = defaultNamespace }: CallPlanOptions) =>
  async (asked: Planned): Promise<Plan> => {
    const { args, options } = asked;
    const [service, endpoint] = [args.word(0) ?? '', args.word(1) ?? ''];
    // It only says what is missing.
    if (service === '' || endpoint === '') return { ...noPlan, effect: 'read' };
    output(asked);
    const body = requestText(typedRequest(args, 2));
    const scalars = scalarsOf(body);
    const address = textOption(options, 'address');
    const records = await recordsOf(where, service, address);
    planned?.keep(args, endpoint, records);
    const facts = (await Promise.all(records.map((record) => endpointFacts(record, endpoint, namespace)))).flat();
    const rules = strictest([
      ...(address === undefined && !isAnybodys(facts) ? [] : [adminOnly]),
      ...(facts.length === 0 ? [nothingKnown(endpoint)] : facts.map((each) => each.rules)),
    ]);
    const { effect, guard, lock, secretFields } = rules;
    const spell = spelling(facts);
    const serving = records.filter(({ endpoints }) => endpoints.some(({ name }) => name === endpoint));
    const versions = address === undefined ? (serving.length === 0 ? records : serving) : [];
    const [only, ...others] = versions;
    return {
      parameters: alsoMeant(valuesOf(scalars, spell), facts, body),
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

/**
 * Whether it may be one of several commands, of which some have scopes and some have none: who holds those would be let in by them to what they are
 * not for.
 */
function isAnybodys(facts: readonly EndpointFacts[]): boolean {
  const scoped = facts.filter(({ rules }) => rules.guard.scopes.length > 0);
  const names = new Set(scoped.map(({ commands: [name] }) => name));
  return scoped.length > 0 && facts.some(({ commands: [name] }) => name !== undefined && !names.has(name));
}

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
  return (name) => names.get(foldName(name)) ?? segment(name);
}

/** Rules for a command know its values as it has them: of a duration that is called with in nanoseconds, `5m0s`. */
function alsoMeant(typed: ParameterValues, facts: readonly EndpointFacts[], body: string): ParameterValues {
  const all = new Map<string, ReadonlySet<string>>([...typed].map(([name, values]) => [name, new Set(values)]));
  const members = membersOf(body);
  for (const { parameters } of facts) {
    for (const [name, values] of meantBy(parameters, members)) {
      all.set(name, new Set([...(all.get(name) ?? []), ...values]));
    }
  }
  return new Map([...all].map(([name, values]) => [name, [...values]]));
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
