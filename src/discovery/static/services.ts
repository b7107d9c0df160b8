import { JsonError } from '../../document/json-error.ts';
import { scanJson } from '../../document/json-scan.ts';
import { parseRecord } from '../record.ts';
import { type Metadata, RegistryError, type ServiceRecord } from '../registry.ts';
import { nodeRecord, type Short } from './node.ts';

/**
 * Reads a file of services into a record a node. It is a list of records as go-micro writes them, or an object with services by name, each
 * one node or a list of them; a node is an address or an object with `address`, `id`, `version`, `protocol` and `metadata`. Throws
 * `invalid` with line and column of what is no JSON, and with the member that is wrong otherwise.
 */
export function readServices(text: string): readonly ServiceRecord[] {
  checkText(text);
  const json: unknown = JSON.parse(text);
  if (Array.isArray(json)) return json.flatMap(recordNodes);
  if (!isObject(json))
    throw new RegistryError('invalid', 'it must be an object with services by name, or a list of records');
  return Object.entries(json).flatMap(([name, nodes]) =>
    (Array.isArray(nodes) ? nodes : [nodes]).map((node: unknown, at) => {
      const place = Array.isArray(nodes) ? `${name}[${at}]` : name;
      return nodeRecord(name, shortOf(node, place), place);
    }),
  );
}

function recordNodes(json: unknown, at: number): readonly ServiceRecord[] {
  try {
    const record = parseRecord(json);
    return record.nodes.map((node) => ({ ...record, nodes: [node] }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RegistryError('invalid', `[${at}]: ${reason}`, { cause: error });
  }
}

/** Of two services with one name JavaScript would silently take the second. */
function checkText(text: string): void {
  const names = new Set<string>();
  let depth = 0;
  try {
    scanJson(text, (token, start, end) => {
      if (token === '{' || token === '[') depth += 1;
      else if (token === '}' || token === ']') depth -= 1;
      if (token !== 'key' || depth !== 1) return;
      const name = String(JSON.parse(text.slice(start, end)));
      if (names.has(name)) throw new JsonError(`the service ${JSON.stringify(name)} is there twice:`, text, start);
      names.add(name);
    });
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const [sentence = ''] = error.message.split('\n');
    throw new RegistryError('invalid', sentence, { cause: error });
  }
}

const texts: readonly string[] = ['address', 'id', 'version', 'protocol'];

function shortOf(json: unknown, place: string): Short {
  if (typeof json === 'string') return { address: json };
  if (!isObject(json))
    throw new RegistryError('invalid', `${place}: a node is an address or an object with an address`);
  for (const [name, value] of Object.entries(json)) {
    if (name !== 'metadata' && !texts.includes(name))
      throw new RegistryError(
        'invalid',
        `${place}: a node has no ${JSON.stringify(name)}, only ${texts.join(', ')}, metadata`,
      );
    if (texts.includes(name) && (typeof value !== 'string' || value === ''))
      throw new RegistryError('invalid', `${place}.${name} must be a text`);
  }
  const { address, id, version, protocol, metadata = {} } = json as Readonly<Record<string, string | undefined>>;
  if (address === undefined) throw new RegistryError('invalid', `${place}: a node needs an address`);
  return { address, id, version, protocol, metadata: metadataOf(metadata, place) };
}

function metadataOf(json: unknown, place: string): Metadata {
  if (!isObject(json)) throw new RegistryError('invalid', `${place}.metadata must be an object`);
  for (const [name, value] of Object.entries(json))
    if (typeof value !== 'string') throw new RegistryError('invalid', `${place}.metadata.${name} must be a text`);
  return json as Metadata;
}

const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json);
