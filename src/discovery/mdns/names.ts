import { RegistryError } from '../registry.ts';

/** The DNS names of one domain; written without the dot at their end. */
export interface Names {
  /** Asked for the nodes of a service. */
  service(name: string): string;
  /** One node of a service. Throws `invalid` when DNS cannot carry the name. */
  instance(service: string, nodeId: string): string;
  /** The node id in an instance name, or undefined when it is no node of this service. */
  nodeId(instance: string, service: string): string | undefined;
  /** Asked for the names of all services. */
  readonly list: string;
  /** One service in the list. */
  listed(service: string): string;
  /** The service that a name in the list stands for. */
  unlisted(name: string): string | undefined;
  /** What other DNS-SD tools ask for all kinds of services. */
  readonly types: string;
  /** True for a node's name in this domain. */
  isInstance(name: string): boolean;
}

const maxLabelBytes = 63;
/** 255 on the wire, where the root and the first length count too. */
const maxNameBytes = 253;

export function mdnsNames(domain: string): Names {
  const list = `_services.${domain}`;
  return {
    list,
    types: `_services._dns-sd._udp.${domain}`,
    service: (name) => `${name}.${domain}`,
    instance: (service, nodeId) => checked(`${nodeId}.${service}.${domain}`),
    nodeId: (instance, service) => before(instance, `.${service}.${domain}`),
    listed: (service) => `${service}.${list}`,
    unlisted: (name) => before(name, `.${list}`),
    isInstance: (name) => endsWith(name, `.${domain}`) && !endsWith(name, `.${list}`),
  };
}

/** Names in DNS are the same whatever their case. */
export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const endsWith = (name: string, suffix: string): boolean => sameName(name.slice(-suffix.length), suffix);

const before = (name: string, suffix: string): string | undefined =>
  name.length > suffix.length && endsWith(name, suffix) ? name.slice(0, -suffix.length) : undefined;

function checked(name: string): string {
  for (const label of name.split('.')) {
    const bytes = Buffer.byteLength(label);
    if (bytes === 0) throw invalid(name, 'has two dots with nothing between them, or one at its end');
    if (bytes > maxLabelBytes) {
      throw invalid(
        name,
        `has "${label}" of ${bytes} bytes between two dots, where ${maxLabelBytes} are allowed: shorten the service's name or the node's id`,
      );
    }
  }
  const bytes = Buffer.byteLength(name);
  if (bytes > maxNameBytes) throw invalid(name, `is ${bytes} bytes long, where ${maxNameBytes} are allowed`);
  if (/[\u0000-\u001f\u007f]/.test(name)) throw invalid(name, 'contains control characters');
  return name;
}

const invalid = (name: string, why: string): RegistryError =>
  new RegistryError('invalid', `mDNS cannot carry ${JSON.stringify(name)}: the name ${why}`);
