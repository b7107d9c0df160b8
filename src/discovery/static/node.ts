import { type Metadata, type Node, RegistryError, type ServiceRecord } from '../registry.ts';

/** As go-micro's servers are, who are told nothing else. */
const defaultVersion = 'latest';
const defaultProtocol = 'mucp';

const protocols: readonly string[] = ['mucp', 'grpc'];

/** A node as people write it. What is left out is as go-micro has it. */
export interface Short {
  /** `host:port`, with `grpc://` before it for a node that speaks gRPC. */
  readonly address: string;
  readonly id?: string | undefined;
  readonly version?: string | undefined;
  readonly protocol?: string | undefined;
  readonly metadata?: Metadata | undefined;
}

/** The record of one node. Throws `invalid` with the place. */
export function nodeRecord(name: string, short: Short, place: string): ServiceRecord {
  const [scheme, address] = parted(short.address, place);
  if (name === '') throw new RegistryError('invalid', `${place}: a service needs a name`);
  if (scheme !== undefined && short.protocol !== undefined && scheme !== short.protocol)
    throw new RegistryError('invalid', `${place}: the address says ${scheme}, the protocol ${short.protocol}`);
  const { id = `${name}-${address}`, version = defaultVersion } = short;
  const protocol = short.protocol ?? scheme ?? short.metadata?.['protocol'] ?? defaultProtocol;
  const node: Node = { id, address, metadata: { ...short.metadata, protocol } };
  return { name, version, metadata: {}, endpoints: [], nodes: [node] };
}

function parted(text: string, place: string): readonly [string | undefined, string] {
  const [, scheme, address = ''] = /^(?:([^:/]*):\/\/)?(.*)$/s.exec(text) ?? [];
  const shown = JSON.stringify(text.slice(0, 100));
  if (scheme !== undefined && !protocols.includes(scheme))
    throw new RegistryError('invalid', `${place}: ${shown} is no address: use host:port or grpc://host:port`);
  if (address === '' || /\s/.test(address))
    throw new RegistryError('invalid', `${place}: ${shown} is no address: use host:port`);
  return [scheme, address];
}
