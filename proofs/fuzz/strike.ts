import { connect } from 'node:net';

export interface Struck {
  /** Everything that came back. */
  readonly answer: Buffer;
  /** How it ended: the other side closed, it broke off, or it did neither in the time it had. */
  readonly end: 'closed' | 'reset' | 'hung';
}

const patienceMs = 15_000;

/** Sends bytes in up to three pieces, says when `isEnough` came back that nothing more will come, and waits for the other side to close. */
export function strike(
  address: string,
  bytes: Buffer,
  pieces: 1 | 2 | 3,
  isEnough: (answer: Buffer) => boolean,
): Promise<Struck> {
  const [host = '', port = ''] = address.split(':');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let isReset = false;
    let hung = false;
    const socket = connect({ host, port: Number(port), noDelay: true });
    const timer = setTimeout(() => {
      hung = true;
      socket.destroy();
    }, patienceMs);
    let isSent = false;
    const leave = (): void => {
      if (isSent && isEnough(Buffer.concat(chunks))) socket.end();
    };
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      leave();
    });
    socket.on('error', () => {
      isReset = true;
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ answer: Buffer.concat(chunks), end: hung ? 'hung' : isReset ? 'reset' : 'closed' });
    });
    const step = Math.ceil(bytes.length / pieces);
    const send = (from: number): void => {
      const to = Math.min(bytes.length, from + step);
      isSent = to === bytes.length;
      // The next piece goes out when this one is on its way, so they are read apart.
      socket.write(bytes.subarray(from, to), () => {
        if (!isSent) setImmediate(send, to);
      });
      leave();
    };
    socket.once('connect', () => send(0));
  });
}
