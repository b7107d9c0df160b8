import type { MicroError } from '../errors.ts';
import type { Request } from './client.ts';
import { final } from './failure.ts';
import type { ClientProtocol } from './protocol.ts';

/** A protocol that is loaded with the first node that needs it: most clients never meet one. */
export function lazyProtocol(load: () => Promise<ClientProtocol>): ClientProtocol {
  let loading: Promise<ClientProtocol> | undefined;
  let loaded: ClientProtocol | undefined;
  /** Why it is not loaded any more. */
  let closed: MicroError | undefined;
  const ready = async (): Promise<ClientProtocol> => {
    if (closed !== undefined && loading === undefined) throw closed;
    loading ??= load();
    loaded = await loading;
    return loaded;
  };
  return {
    prepare: (request) => loaded?.prepare(request),
    exchange(node, request, prepared, options, budget) {
      if (loaded !== undefined && prepared !== undefined) {
        return loaded.exchange(node, request, prepared, options, budget);
      }
      return ready().then((protocol) =>
        protocol.exchange(node, request, prepareNow(protocol, request), options, budget),
      );
    },
    openStream: async (node, request, options, budget) => (await ready()).openStream(node, request, options, budget),
    async close(error) {
      closed = final(error);
      if (loading !== undefined) await (await loading).close(error);
    },
  };
}

function prepareNow(protocol: ClientProtocol, request: Request): unknown {
  try {
    return protocol.prepare(request);
  } catch (error) {
    throw final(error);
  }
}
