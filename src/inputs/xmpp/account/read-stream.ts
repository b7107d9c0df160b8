import type { Socket } from 'node:net';
import { XmlError } from './xml/error.ts';
import { createParser, type Sink } from './xml/parse.ts';

/** The bytes of a socket as the elements of a stream. */
export interface StreamReader {
  /** What comes next is another stream, from its very beginning. What is left of the last one is dropped. */
  restart(): void;
  /** Lets go of the socket. */
  release(): void;
}

/** Reads until it fails, which is told once, or is released. */
export function readStream(socket: Socket, sink: Sink, fail: (error: unknown) => void): StreamReader {
  let decoder = new TextDecoder('utf-8', { fatal: true });
  let parser = createParser(sink);

  const release = (): void => {
    socket.off('data', read);
    parser.stop();
  };

  const read = (bytes: Buffer): void => {
    try {
      parser.write(decode(bytes));
    } catch (error) {
      release();
      fail(error);
    }
  };

  const decode = (bytes: Buffer): string => {
    try {
      return decoder.decode(bytes, { stream: true });
    } catch {
      throw new XmlError('unsupported-encoding', 'bytes that are not UTF-8');
    }
  };

  socket.on('data', read);
  return {
    restart() {
      parser.stop();
      parser = createParser(sink);
      decoder = new TextDecoder('utf-8', { fatal: true });
    },
    release,
  };
}
