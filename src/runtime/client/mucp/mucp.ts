import type { Codecs } from '../../codec/codec.ts';
import type { MicroError } from '../../errors.ts';
import type { Transport } from '../../transport/transport.ts';
import type { ClientStream, Request } from '../client.ts';
import { final } from '../failure.ts';
import type { ClientProtocol, Sender } from '../protocol.ts';
import { ExchangeAlone } from './alone.ts';
import { Prepared } from './exchange.ts';
import { Endpoints, isLarge } from './large.ts';
import { Pool } from './pool.ts';
import type { Format } from './request.ts';
import { formatOf, legacyFormatOf } from './request.ts';
import { Sharing } from './sharing.ts';
import { openStream } from './stream.ts';
import { ExchangeTogether } from './together.ts';

export interface MucpOptions {
  readonly transport: Transport;
  readonly codecs: Codecs;
  readonly sender: Sender;
  /** Idle connections kept an address. */
  readonly poolSize: number;
  /** How long a connection is used, in milliseconds since it was opened. */
  readonly poolTtlMs: number;
}

/** go-micro's own protocol over any transport, in both its dialects, on the same connections. */
export interface Mucp {
  readonly modern: ClientProtocol;
  /** For nodes that do not say what they speak. */
  readonly legacy: ClientProtocol;
}

export function mucpProtocol({ transport, codecs, sender, poolSize, poolTtlMs }: MucpOptions): Mucp {
  const pool = new Pool({ transport, size: poolSize, ttlMs: poolTtlMs });
  const sharing = transport.ordered === true ? new Sharing({ transport, ttlMs: poolTtlMs }) : undefined;
  const endpoints = new Endpoints();
  const streams = new Set<ClientStream>();

  const close = async (error: MicroError): Promise<void> => {
    pool.close(error);
    sharing?.close(error);
    for (const stream of streams) await stream.close();
  };

  const dialect = (formatFor: (request: Request, codecs: Codecs) => Format): ClientProtocol => ({
    prepare: (request) => new Prepared(request, formatFor(request, codecs)),
    exchange(node, request, prepared, options, budget) {
      // A call wrapper may have waited before it went on.
      if (budget.error !== undefined) throw budget.error;
      const ready = prepared as Prepared;
      const answers = endpoints.answersOf(request);
      const exchange =
        sharing?.suits(node) === true && !isLarge(ready.body, options, answers)
          ? new ExchangeTogether(sharing, sender, answers, request, ready, options, budget)
          : new ExchangeAlone(pool, sender, answers, request, ready, options, budget);
      return exchange.with(node.address);
    },
    openStream(node, request, options, budget) {
      const format = ready(() => formatFor(request, codecs));
      return openStream({ transport, sender, node, request, options, format, budget, streams });
    },
    close,
  });
  return { modern: dialect(formatOf), legacy: dialect(legacyFormatOf) };
}

function ready<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw final(error);
  }
}
