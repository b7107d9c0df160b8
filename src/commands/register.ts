import type { Registry, ServiceRecord } from '../discovery/registry.ts';
import { type Document, text } from '../document/document.ts';
import { requestText } from './call.ts';
import type { Command, Invocation } from './command.ts';
import { asking, complain } from './failure.ts';

const example = '{"name": "foo", "version": "bar", "nodes": [{"id": "foo-1", "address": "127.0.0.1", "port": 8080}]}';

/** Registers what does not register itself. There is no time to live: it stays until it is deregistered. */
export const registerService = (registry: Registry): Command =>
  definitionCommand('register', 'Registers a service', (service) => registry.register(service));

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
    const { readDefinition } = await import('./definition.ts');
    await asking(work(readDefinition(requestText(typed))));
    return text('ok');
  },
});
