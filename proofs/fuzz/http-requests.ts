import { defaultLimits } from '../../src/runtime/transport/http/limits.ts';
import { Parser } from '../../src/runtime/transport/http/parser.ts';
import { TransportError } from '../../src/runtime/transport/transport.ts';
import { composedRequest } from './compose.ts';
import { frames } from './frames.ts';
import { seeded } from './random.ts';
import { readSamples } from './samples.ts';
import { type Struck, strike } from './strike.ts';
import { each, type Tally } from './tally.ts';

/** Requests at the http server: each is answered, refused with a status and a sentence, or was not complete when its sender left. */
export async function fuzzRequests(address: string, count: number, seed: number, tally: Tally): Promise<void> {
  const random = seeded(seed + 1);
  await each(frames(count, readSamples().requests, composedRequest, seed), 32, async (bytes) => {
    const expected = expectationOf(bytes);
    // Who leaves early is not answered. One that is refused waits for it.
    const isEnough = (answer: Buffer): boolean =>
      expected.end !== 'refused' && answers(answer.toString('latin1')) >= expected.requests;
    judge(bytes, expected, await strike(address, bytes, random.pick([1, 1, 2, 3]), isEnough), tally);
  });
}

/** What should come of the bytes: how many whole requests that want an answer, and whether they are refused after those. */
interface Expectation {
  readonly requests: number;
  readonly end: 'refused' | 'complete' | 'broken off' | 'refused or complete';
}

function expectationOf(bytes: Buffer): Expectation {
  // What belongs to a stream is answered as its handler likes.
  const isStream = bytes.includes('Count.Up');
  const parser = new Parser('request', defaultLimits);
  let requests = 0;
  try {
    parser.push(bytes);
    for (let message = parser.next(); message !== undefined; message = parser.next()) {
      if (!isStream && message.headers['Micro-Error'] !== 'EOS') requests += 1;
      // Who asks for the end, and goes on, is answered once: whether the rest is read as well depends on who is faster.
      if (parser.head?.isLast === true) return { requests, end: 'refused or complete' };
    }
    parser.end();
    return { requests, end: isStream ? 'refused or complete' : 'complete' };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return { requests, end: error.code === 'reset' ? 'broken off' : 'refused' };
  }
}

const answers = (text: string): number => text.split('HTTP/1.1 200 OK\r\n').length - 1;

const refusal =
  /HTTP\/1\.1 4\d\d [A-Z][\w ]+\r\n(?:[^\r\n]+\r\n)*Connection: close\r\n(?:[^\r\n]+\r\n)*\r\n4\d\d [\w ]+: [^\r\n]+$/;

function judge(bytes: Buffer, expected: Expectation, { answer, end }: Struck, tally: Tally): void {
  const text = answer.toString('latin1').replaceAll('HTTP/1.1 100 Continue\r\n\r\n', '');
  const isRefused = refusal.test(text);
  const what = `${JSON.stringify(bytes.toString('latin1'))} got ${JSON.stringify(text.slice(0, 300))} and was ${end}`;
  if (end === 'hung') tally.fault(`no end: ${what}`);
  else if (expected.end === 'refused' && !isRefused) tally.fault(`not refused: ${what}`);
  else if (isRefused && !expected.end.startsWith('refused')) tally.fault(`refused: ${what}`);
  else if (expected.end !== 'refused' && answers(text) < expected.requests && !isRefused)
    tally.fault(`not answered: ${what}`);
  else if (isRefused) tally.add('refused with a reason');
  else if (text !== '') tally.add('answered');
  else tally.add('left unfinished by their sender');
}
