import type { Socket } from 'node:net';
import type { Element } from '@xmpp/xml';
import { AsyncQueue } from '../../../async/queue.ts';
import { Failure, failureOfStream } from './failure.ts';
import { readStream } from './read-stream.ts';
import { streamHeader } from './stream-text.ts';
import { streamNamespace, tlsNamespace } from './namespaces.ts';

/**
 * Agrees with the server to go on with TLS on this socket. What it sent in the clear beyond that is thrown away, so that nobody on the way
 * can smuggle it into the stream. Rejects with a `Failure`; ends when the socket does.
 */
export async function startTls(socket: Socket, domain: string): Promise<void> {
  const elements = new AsyncQueue<Element>();
  const onClose = (): void => elements.fail(new Failure('unavailable', 'the server closed the connection'));
  const reader = readStream(
    socket,
    { start: () => {}, element: (element) => elements.push(element), end: onClose },
    (error) => elements.fail(error as Error),
  );
  socket.once('close', onClose);
  try {
    socket.write(streamHeader(domain));
    const features = await next(elements);
    if (features.getChild('starttls', tlsNamespace) === undefined) {
      throw new Failure(
        'config',
        'the server offers no encryption (STARTTLS): use direct TLS, or ask for plain text on a network of your own',
      );
    }
    socket.write(`<starttls xmlns='${tlsNamespace}'/>`);
    const answer = await next(elements);
    if (!answer.is('proceed', tlsNamespace)) throw new Failure('unavailable', 'the server can not encrypt now');
  } finally {
    socket.off('close', onClose);
    reader.release();
    elements.end();
  }
}

async function next(elements: AsyncQueue<Element>): Promise<Element> {
  const { value } = await elements.next();
  const element = value as Element | undefined;
  if (element === undefined) throw new Failure('unavailable', 'the server closed the stream');
  if (element.is('error', streamNamespace)) throw failureOfStream(element);
  return element;
}
