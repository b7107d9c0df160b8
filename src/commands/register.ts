import type { Registry, ServiceRecord } from '../discovery/registry.ts';
import { type Document, text } from '../document/document.ts';
import { requestText } from './call.ts';
import { type Command, CommandError, type Invocation } from './command.ts';
import { asking, complain } from './failure.ts';

const example = '{"name": "foo", "version": "bar", "nodes": [{"id": "foo-1", "address": "127.0.0.1", "port": 8080}]}';

/** Registers what does not register itself. There is no time to live: it stays until it is deregistered. */
export const registerService = (registry: Registry): Command =>
  definitionCommand('register', 'Registers a service', (service) => registry.register(service, { stays: true }));

export const deregisterService = (registry: Registry): Command =>
  definitionCommand('deregister', 'Deregisters a service', (service) => registry.deregister(service));

const definitionCommand = (
  verb: string,
  description: string,
  work: (service: ServiceRecord) => Promise<void>,
): Command => ({
  name: `${verb} service`,
  usage: `${verb} service [definition]`,
  description,
  examples: [`${verb} service ${example}`],
  source: { kind: 'builtin' },
  run: async (invocation: Invocation): Promise<Document> => {
    const typed = invocation.args.after(0);
    if (typed === '') return complain(invocation, 'require service definition');
    await asking(readDefinition(typed).then(work));
    return text('ok');
  },
});

async function readDefinition(typed: string): Promise<ServiceRecord> {
  const json = requestText(typed);
  const { parseRecord } = await import('../discovery/record.ts');
  const service = parseRecord(JSON.parse(json));
  if (service.nodes.length > 0) return service;
  throw new CommandError('usage', `a service needs at least one node with id and address e.g ${example}`);
}
