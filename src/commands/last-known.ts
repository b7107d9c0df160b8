import type { CallOptions, Client, Request } from '../runtime/client/client.ts';
import type { Services } from './services.ts';

/**
 * The same client, which calls the nodes that were seen last while the registry is lost: a command that stands then can also be run.
 * `known` gives those nodes, or nothing while the registry answers.
 */
export function withLastKnown(client: Client, known: () => Services | undefined): Client {
  const options = ({ service }: Request, given: CallOptions = {}): CallOptions => {
    const records = given.address === undefined && given.nodes === undefined ? known()?.get(service) : undefined;
    if (records === undefined) return given;
    const { filters = [], ...rest } = given;
    const nodes = filters.reduce((left, filter) => filter(left), records).flatMap((record) => record.nodes);
    return nodes.length === 0 ? given : { ...rest, nodes };
  };
  return {
    call: (request, given) => client.call(request, options(request, given)),
    stream: (request, given) => client.stream(request, options(request, given)),
    publish: (message, given) => client.publish(message, given),
    close: () => client.close(),
  };
}
