import type { Node } from '../../../discovery/registry.ts';
import type { Codecs } from '../../codec/codec.ts';
import { MicroError } from '../../errors.ts';
import { defaultMaxMessageBytes, writeFrame } from '../../grpc/frame.ts';
import { grpcCodecs } from '../../grpc/subtype.ts';
import type { TlsOptions } from '../../transport/tls.ts';
import type { Body } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import type { CallOptions, ClientStream, Request } from '../client.ts';
import { final } from '../failure.ts';
import type { ClientProtocol, Sender } from '../protocol.ts';
import { exchange, Question } from './exchange.ts';
import { Pool } from './pool.ts';
import type { Format } from './request.ts';
import { encode, formats } from './request.ts';
import type { Session } from './session.ts';
import type { StreamOptions } from './stream.ts';
import { GrpcStream } from './stream.ts';

export interface GrpcClientOptions {
  readonly codecs: Codecs;
  readonly sender: Sender;
  /** TLS towards every node. Default: only where an address begins with `https://`, has port 443 or no port; certificates are verified. */
  readonly tls?: TlsOptions;
  /** Of one message, in both directions. Default 4 MiB. */
  readonly maxMessageBytes?: number;
  /** Connections to one address, each with up to 100 calls at a time. Default 100. */
  readonly maxSessions?: number;
  /** How long a connection is kept on which nothing is asked, in milliseconds. Default 60,000. */
  readonly idleMs?: number;
}

/** Calls nodes whose metadata says `protocol=grpc`: those of go-micro 2 by default. */
export function grpcClientProtocol(options: GrpcClientOptions): ClientProtocol {
  const { sender, tls, maxMessageBytes = defaultMaxMessageBytes, maxSessions = 100, idleMs = 60_000 } = options;
  const formatOf = formats(grpcCodecs(options.codecs), sender.name);
  const pool = new Pool({ tls, maxSessions, idleMs });

  const written = (value: unknown, request: Request, format: Format): Body => {
    const body = encode(value, request, format);
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    if (length <= maxMessageBytes) return body;
    const text = `grpc: trying to send message larger than max (${length} vs. ${maxMessageBytes})`;
    throw new MicroError('go.micro.client.transport', 413, text);
  };

  function take(node: Node, options: CallOptions, budget: Budget): Session {
    // A call wrapper may have waited before it went on.
    if (budget.error !== undefined) throw budget.error;
    return pool.take(node.address, options.dialTimeoutMs, budget);
  }

  /** Gives `use` a session on which a call can begin, as soon as there is one. */
  function onSession<T>(
    session: Session,
    node: Node,
    options: CallOptions,
    budget: Budget,
    use: (session: Session) => Promise<T>,
  ): Promise<T> {
    if (session.isFree) return use(session);
    return session.wait(
      budget,
      () => use(session),
      () => onSession(take(node, options, budget), node, options, budget, use),
    );
  }

  return {
    prepare(request): Question {
      const format = formatOf(request);
      return new Question(request, format, writeFrame(written(request.body, request, format)), maxMessageBytes);
    },

    exchange(node, _request, prepared, options, budget) {
      const question = prepared as Question;
      const session = take(node, options, budget);
      if (session.isFree) return exchange(session, question, options, budget);
      return onSession(session, node, options, budget, (free) => exchange(free, question, options, budget));
    },

    async openStream<T>(node: Node, request: Request, options: CallOptions, budget: Budget): Promise<ClientStream<T>> {
      const { format, first } = unchanging(() => {
        const format = formatOf(request);
        return { format, first: request.body === undefined ? undefined : written(request.body, request, format) };
      });
      const setup: StreamOptions = {
        request,
        format,
        options,
        maxBytes: maxMessageBytes,
        encode: (value) => written(value, request, format),
      };
      return onSession(take(node, options, budget), node, options, budget, async (session) => {
        const stream = new GrpcStream<T>(session, setup, budget);
        if (first !== undefined) stream.begin(first);
        return stream;
      });
    },

    close: (error) => pool.close(error),
  };
}

/** What fails here would fail at any other node too. */
function unchanging<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw final(error);
  }
}
