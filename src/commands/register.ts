import type { Registry, ServiceRecord } from '../discovery/registry.ts';
import { type Document, text } from '../document/document.ts';
import { requestText } from './call.ts';
import { type Caller, type Command, CommandError, type Invocation } from './command.ts';
import { asking, complain } from './failure.ts';
import { noPlan } from './plan.ts';

const example = '{"name": "foo", "version": "bar", "nodes": [{"id": "foo-1", "address": "127.0.0.1", "port": 8080}]}';

/** Registers what does not register itself. There is no time to live: it stays until it is deregistered, where the registry keeps it. */
export const registerService = (registry: Registry): Command =>
  definitionCommand('register', 'Registers a service', async (service, { input }) => {
    await registry.register(service, { stays: true });
    // A terminal's process is about to end.
    return registry.keeps === true || input !== 'cli'
      ? 'ok'
      : `ok, until this process ends: ${registry.name} keeps nothing`;
  });

export const deregisterService = (registry: Registry): Command =>
  definitionCommand('deregister', 'Deregisters a service', async (service) => {
    await registry.deregister(service);
    return 'ok';
  });

const definitionCommand = (
  verb: string,
  description: string,
  work: (service: ServiceRecord, caller: Caller) => Promise<string>,
): Command => ({
  name: `${verb} service`,
  usage: `${verb} service [definition]`,
  description,
  examples: [`${verb} service ${example}`],
  source: { kind: 'builtin' },
  effect: 'change',
  async plan({ args }) {
    const typed = args.after(0);
    // It only says what is missing.
    if (typed === '') return { ...noPlan, effect: 'read' };
    const { name, version } = await asking(readDefinition(typed));
    const parameters = new Map([
      ['service', [name]],
      ['version', [version]],
    ]);
    return { parameters, secrets: [] };
  },
  run: async (invocation: Invocation): Promise<Document> => {
    const typed = invocation.args.after(0);
    if (typed === '') return complain(invocation, 'require service definition');
    return text(await asking(readDefinition(typed).then((service) => work(service, invocation.caller))));
  },
});

async function readDefinition(typed: string): Promise<ServiceRecord> {
  const json = requestText(typed);
  const { parseRecord } = await import('../discovery/record.ts');
  const service = parseRecord(JSON.parse(json));
  if (service.nodes.length > 0) return service;
  throw new CommandError('usage', `a service needs at least one node with id and address e.g ${example}`);
}
