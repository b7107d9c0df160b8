import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { form, json, newSecret, type Request, signature, signed, withHeader } from './wire.ts';

const body = JSON.stringify({
  type: 'event_callback',
  event_id: 'Ev1',
  event: { type: 'app_mention', text: '<@U1> list' },
});

/** Whom they are meant for. */
export interface Target {
  readonly secret: string;
  /** Seconds, by its clock. */
  readonly timestamp: number;
}

/** Slack's own request, which each forgery starts from. */
export const genuine = ({ secret, timestamp }: Target): Request => signed(body, { secret, timestamp });

const signatureOf = (request: Request): string =>
  request.headers.find(([name]) => name === 'X-Slack-Signature')?.[1] ?? '';

/** Signed well, for a time that the header gives otherwise or that is not now. */
const at =
  (timestamp: (now: number) => string | number) =>
  (bot: Target): Request => {
    const text = String(timestamp(bot.timestamp));
    const other = withHeader(genuine(bot), 'X-Slack-Request-Timestamp', text);
    return withHeader(other, 'X-Slack-Signature', signature(bot.secret, text, body));
  };

/** With another signature made of the good one. */
const as =
  (change: (good: string) => string | undefined) =>
  (bot: Target): Request =>
    withHeader(genuine(bot), 'X-Slack-Signature', change(signatureOf(genuine(bot))));

/** With the good signature on another body. */
const holding =
  (sent: string | Buffer, type = json) =>
  (bot: Target): Request =>
    withHeader({ ...genuine(bot), body: sent }, 'Content-Type', type);

const unsigned =
  (sent: string, type: string, target = '/slack/events') =>
  (): Request => ({ target, headers: [['Content-Type', type]], body: sent });

const twice =
  (name: string, value: (good: string) => string, where: 'before' | 'after') =>
  (bot: Target): Request => {
    const good = genuine(bot);
    const header = good.headers.find(([each]) => each === name) ?? ['', ''];
    const other = [name, value(header[1])] as const;
    return { ...good, headers: where === 'before' ? [other, ...good.headers] : [...good.headers, other] };
  };

const zeros = `v0=${'0'.repeat(64)}`;

/** Requests that Slack did not send, each made anew for a target that takes its genuine one. None may be taken. */
export const forgeries: Readonly<Record<string, (bot: Target) => Request>> = {
  'nothing but a body': unsigned(body, json),
  'no signature': as(() => undefined),
  'no timestamp': (bot) => withHeader(genuine(bot), 'X-Slack-Request-Timestamp', undefined),
  'an empty signature': as(() => ''),
  'an empty timestamp': at(() => ''),
  'another secret': ({ timestamp }) => signed(body, { secret: newSecret(), timestamp }),
  'an empty secret': ({ timestamp }) => signed(body, { secret: '', timestamp }),
  'the word undefined for a secret': ({ timestamp }) => signed(body, { secret: 'undefined', timestamp }),
  'a signature of zeros': as(() => zeros),
  'a signature of version 1': as((good) => good.replace('v0', 'v1')),
  'a signature of no version': as((good) => good.slice(3)),
  'a signature in upper case': as((good) => `v0=${good.slice(3).toUpperCase()}`),
  'a signature of an upper case version': as((good) => good.replace('v0', 'V0')),
  'a signature cut short': as((good) => good.slice(0, -1)),
  'a signature cut to its version': as(() => 'v0='),
  'half a signature': as((good) => good.slice(0, 35)),
  'a longer signature': as((good) => `${good}0`),
  'a signature that goes on': as((good) => `${good},${good}`),
  'a signature with a space in it': as((good) => `v0= ${good.slice(3)}`),
  'a signature in letters like digits': as((good) => good.replace(/\d/, '\u00b9')),
  'a signature in base64': as((good) => `v0=${Buffer.from(good.slice(3), 'hex').toString('base64')}`),
  'a signature of the body alone': (bot) =>
    withHeader(genuine(bot), 'X-Slack-Signature', `v0=${createHmac('sha256', bot.secret).update(body).digest('hex')}`),
  'one digit changed': as((good) => `${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}`),
  'another body': holding(body.replace('list', 'stop')),
  'a body with a byte more': holding(`${body} `),
  'a body with a line end more': holding(`${body}\n`),
  'a body with a mark of its order': holding(`\ufeff${body}`),
  'a body in another writing': holding(JSON.stringify(JSON.parse(body), null, 1)),
  'a body in gzip': (bot) => withHeader(holding(gzipSync(body))(bot), 'Content-Encoding', 'gzip'),
  'an empty body': holding(''),
  'a body read as a form': holding(`payload=${encodeURIComponent(body)}`, form),
  'another time': (bot) => withHeader(genuine(bot), 'X-Slack-Request-Timestamp', String(bot.timestamp - 1)),
  'a time 301 seconds ago': at((now) => now - 301),
  'a time 301 seconds to come': at((now) => now + 301),
  'a time in milliseconds': at((now) => now * 1000),
  'no number for a time': at(() => 'NaN'),
  'a fraction of a second': at((now) => `${now}.0`),
  'a time with an exponent': at((now) => `${now / 10}e1`),
  'a time in hexadecimal': at((now) => `0x${now.toString(16)}`),
  'a time with a sign': at((now) => `+${now}`),
  'a time with a space': at((now) => `${String(now).slice(0, 5)} ${String(now).slice(5)}`),
  'a time with a zero before it': at((now) => `0${now}`),
  'a time before all time': at((now) => -now),
  'a time without an end': at(() => '9'.repeat(400)),
  Infinity: at(() => 'Infinity'),
  'two signatures, the second good': twice('X-Slack-Signature', () => zeros, 'before'),
  'two signatures, the first good': twice('X-Slack-Signature', () => zeros, 'after'),
  'the good signature twice': twice('X-Slack-Signature', (good) => good, 'after'),
  'two times, the second good': twice('X-Slack-Request-Timestamp', (good) => `${Number(good) - 1}`, 'before'),
  'the good time twice': twice('X-Slack-Request-Timestamp', (good) => good, 'after'),
  'a check of our certificate': unsigned('ssl_check=1&token=x', form),
  'a check of our certificate in the query': unsigned(body, json, '/slack/events?ssl_check=1'),
  'a challenge': unsigned('{"type":"url_verification","challenge":"x"}', json),
  'a slash command': unsigned('command=%2Fmicro&text=list&user_id=U1', form),
  'a slash command in the query': unsigned('', form, '/slack/events?command=%2Fmicro&text=list'),
  'a press of a button': unsigned('payload=%7B%22type%22%3A%22block_actions%22%7D', form),
  'keys that reach for the prototype': unsigned('{"__proto__":{"type":"event_callback"},"constructor":{}}', json),
  'a signature in the query': ({ secret, timestamp }) =>
    unsigned(body, json, `/slack/events?X-Slack-Signature=${signature(secret, timestamp, body)}`)(),
  'a signature in the trailer': (bot) => ({
    headers: [
      ['Content-Type', json],
      ['Transfer-Encoding', 'chunked'],
      ['Trailer', 'X-Slack-Signature, X-Slack-Request-Timestamp'],
    ],
    body,
    sent: `${body.length.toString(16)}\r\n${body}\r\n0\r\n${genuine(bot)
      .headers.map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`,
  }),
};
