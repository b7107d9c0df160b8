import { EventEmitter } from 'node:events';
import { client } from '@xmpp/client';
import { createElement as xml, type Element } from '@xmpp/xml';
import type { Link } from './link.ts';
import type { Mechanism } from './mechanism.ts';
import { saslNamespace, streamNamespace } from './namespaces.ts';

/** Begins streams and authenticates: the XMPP library, on a link of ours. */
export interface Library {
  /** The element of the stream that is open. Undefined before there is one. */
  readonly stream: Element | undefined;
  /** Begins the first stream. */
  open(): Promise<void>;
  /** Begins another one on the same link. */
  restart(): Promise<void>;
  /** Hands it what the server said. */
  give(element: Element): void;
  /** Has it log in with this mechanism: what the server answers has to be given to it. Resolves when the next stream has begun. */
  authenticate(mechanism: Mechanism): Promise<void>;
  /** Ends whatever it waits for. */
  fail(error: Error): void;
}

/** A name that none of the library's own mechanisms has. */
const chosen = 'MICRO';

/**
 * The library's own sockets know no TLS options and cut characters in two, its parser throws where nobody catches, and its way to come back
 * is a fixed second: so it gets a socket and a parser that are ours.
 */
export function createLibrary(link: Link, domain: string, timeoutMs: number): Library {
  let stream: Element | undefined;
  let parser: EventEmitter | undefined;
  let restarted = (): void => {};

  const parse = (by: EventEmitter): void => {
    parser = by;
  };

  class LinkSocket extends EventEmitter {
    readonly secure = link.isSecure;
    connect(): void {
      queueMicrotask(() => this.emit('connect'));
    }
    async write(text: string, done: (error?: Error) => void): Promise<void> {
      try {
        await link.write(text);
      } catch (error) {
        done(error as Error);
        return;
      }
      done();
    }
    end(): void {}
  }

  class LinkParser extends EventEmitter {
    constructor() {
      super();
      parse(this);
      const begin = async (): Promise<void> => {
        stream = await link.begin();
        this.emit('start', stream);
        restarted();
      };
      begin().catch(fail);
    }
  }

  let mechanism: Mechanism | undefined;
  const entity = client({
    domain,
    timeout: timeoutMs,
    credentials: async (authenticate) => authenticate({}, chosen, xml('user-agent')),
  });
  const failures = new Set<(error: Error) => void>();
  const fail = (error: Error): void => void entity.emit('error', error);
  entity.on('error', (error) => {
    for (const reject of failures) reject(error);
  });
  entity.reconnect.stop();

  // Its types leave out what its parts are made of.
  const parts = entity as unknown as {
    transports: { prototype: object & { socketParameters(service: string): unknown } }[];
    readonly saslFactory: { use(name: string, mechanism: () => void): void };
  };
  const address = `xmpp://${domain}`;
  const tcp = parts.transports.find(({ prototype }) => prototype.socketParameters(address) !== undefined);
  const ours = { socketParameters: () => ({}), Socket: LinkSocket, Parser: LinkParser };
  parts.transports = [{ prototype: Object.assign(Object.create(tcp?.prototype ?? null) as object, ours) }];
  parts.saslFactory.use(chosen, function make(this: object) {
    return Object.assign(this, mechanism);
  });

  const unlessFailed = async (work: Promise<unknown>): Promise<void> => {
    let reject: (error: Error) => void = () => {};
    const failed = new Promise<never>((_, no) => {
      reject = no;
    });
    failures.add(reject);
    try {
      await Promise.race([work, failed]);
    } finally {
      failures.delete(reject);
    }
  };

  const give = (element: Element): void => void parser?.emit('element', element);

  return {
    get stream() {
      return stream;
    },
    async open() {
      await entity.connect(address);
      await unlessFailed(entity.open({ domain, lang: 'en' }));
    },
    restart: () => unlessFailed(entity.restart()),
    give,
    async authenticate(using) {
      mechanism = using;
      const begun = new Promise<void>((resolve) => {
        restarted = resolve;
      });
      const mechanisms = xml('mechanisms', { xmlns: saslNamespace }, xml('mechanism', {}, chosen));
      give(xml('features', { xmlns: streamNamespace }, mechanisms));
      await unlessFailed(begun);
    },
    fail,
  };
}
