import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/** Reads bodies as they are on the wire, and no more of them at a time than memory is meant for. */
export interface Bodies {
  /** Throws a `Refusal`, or what Node throws when the sender is gone. */
  read(request: IncomingMessage): Promise<Buffer>;
}

export interface BodiesOptions {
  readonly maxBytes: number;
  /** Of all that arrive at a time. */
  readonly maxHeldBytes: number;
}

export function createBodies({ maxBytes, maxHeldBytes }: BodiesOptions): Bodies {
  let heldBytes = 0;
  return {
    async read(request) {
      const chunks: Buffer[] = [];
      let bytes = 0;
      try {
        for await (const chunk of request as AsyncIterable<Buffer>) {
          bytes += chunk.length;
          heldBytes += chunk.length;
          if (bytes > maxBytes) throw new Refusal(413, 'body too large');
          if (heldBytes > maxHeldBytes) throw new Refusal(503, 'too much at a time');
          chunks.push(chunk);
        }
        return Buffer.concat(chunks, bytes);
      } finally {
        heldBytes -= bytes;
      }
    },
  };
}
