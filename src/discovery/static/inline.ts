import { RegistryError, type ServiceRecord } from '../registry.ts';
import { nodeRecord } from './node.ts';

/** Reads `greeter=10.0.0.1:8080,grpc://10.0.0.2:8080;other=10.0.0.3:80` into a record a node. Throws `invalid` with the place. */
export function inlineServices(text: string): readonly ServiceRecord[] {
  return text
    .split(/[;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .flatMap(serviceNodes);
}

function serviceNodes(part: string): readonly ServiceRecord[] {
  const at = part.indexOf('=');
  const name = part.slice(0, Math.max(at, 0)).trim();
  if (name === '') {
    const shown = JSON.stringify(part.slice(0, 100));
    throw new RegistryError('invalid', `static registry: ${shown} names no service: use name=host:port,host:port`);
  }
  const addresses = part.slice(at + 1).split(',');
  return addresses.map((address) => nodeRecord(name, { address: address.trim() }, `static registry: ${name}`));
}
