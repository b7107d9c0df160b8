import type { Metadata } from '../../discovery/registry.ts';
import type { CallOptions, ClientWrapper, Message, PublishOptions, Request } from '../client/client.ts';

/** What is sent along: always the same, or made for each call, stream and event. */
export type Injected = Metadata | ((target: Request | Message) => Metadata | Promise<Metadata>);

/** Sends metadata along with calls, streams and events. What a call brings itself wins. */
export function clientMetadata(injected: Injected): ClientWrapper {
  const together = async (target: Request | Message, own: Metadata | undefined): Promise<Metadata> => ({
    ...(typeof injected === 'function' ? await injected(target) : injected),
    ...own,
  });
  return (next) => ({
    ...next,
    call: async <T>(request: Request, options?: CallOptions) =>
      next.call<T>(request, { ...options, metadata: await together(request, options?.metadata) }),
    stream: async <T>(request: Request, options?: CallOptions) =>
      next.stream<T>(request, { ...options, metadata: await together(request, options?.metadata) }),
    publish: async (message: Message, options?: PublishOptions) =>
      next.publish(message, { ...options, metadata: await together(message, options?.metadata) }),
  });
}
