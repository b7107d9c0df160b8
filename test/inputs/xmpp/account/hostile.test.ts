import { createElement as xml } from '@xmpp/xml';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountOptions } from '../../../../src/inputs/xmpp/account/options.ts';
import { until } from '../../../support/until.ts';
import { type Used, use } from './guest.ts';
import { bound, hostile, type Peer, welcome } from './hostile.ts';

const plain = (server: string, timing: AccountOptions['timing'] = {}): Used =>
  use({ jid: 'bot@localhost', password: 'secret', server, mode: 'plain', authorize: bound, timing });

const bodies = ({ stanzas }: Used): readonly string[] => stanzas.map((stanza) => stanza.getChildText('body') ?? '');

/** Does that to the first connection; the second is a good one. Resolves with what was heard on the first. */
async function afterAttack(attack: (peer: Peer) => unknown): Promise<{ readonly used: Used; readonly heard: string }> {
  let first: Peer | undefined;
  const used = plain(
    await hostile(async (peer, number) => {
      if (number === 1) first = peer;
      await welcome(peer);
      if (number === 1) await attack(peer);
      else peer.write('<message><body>fine</body></message>');
    }),
  );
  await until(() => bodies(used).includes('fine'));
  await until(() => first?.isClosed);
  return { used, heard: first?.heard ?? '' };
}

describe('an account whose server is an enemy', () => {
  it.each<[string, string, string | Buffer]>([
    ['a document type', 'restricted-xml', '<!DOCTYPE lolz [<!ENTITY lol "lol">]>'],
    ['an entity', 'restricted-xml', '<message><body>&lol;</body></message>'],
    ['a processing instruction', 'restricted-xml', '<?xml-stylesheet href="x"?>'],
    ['a comment', 'restricted-xml', '<!-- hi -->'],
    ['depth', 'policy-violation', '<a>'.repeat(200)],
    ['size', 'policy-violation', `<message><body>${'x'.repeat(1_200_000)}`],
    ['a long tag', 'policy-violation', `<message to='${'x'.repeat(100_000)}`],
    [
      'many attributes',
      'policy-violation',
      `<message ${Array.from({ length: 500 }, (_, at) => `a${at}=''`).join(' ')}/>`,
    ],
    ['many elements', 'policy-violation', `<message>${'<a/>'.repeat(20_000)}`],
    ['bytes that are not UTF-8', 'unsupported-encoding', Buffer.from([0x3c, 0x61, 0x3e, 0xc3, 0x28])],
    ['UTF-16', 'unsupported-encoding', Buffer.from('\ufeff<message/>', 'utf16le')],
    ['overlong UTF-8', 'unsupported-encoding', Buffer.from([0x3c, 0x61, 0x3e, 0xc0, 0xbc])],
    ['what is no XML', 'not-well-formed', '<message></presence>'],
    ['a stanza twice from somebody', 'not-well-formed', `<message from='a@b' from='c@d'/>`],
    ['a prefix of nobody', 'bad-namespace-prefix', '<x:message/>'],
  ])('ends a stream with %s, and begins another', async (_, condition, bytes) => {
    const { used, heard } = await afterAttack((peer) => peer.write(bytes));
    expect(heard).toContain(
      `<stream:error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>`,
    );
    expect(bodies(used)).toEqual(['fine']);
  });

  it('holds no more than a stanza may have, however long it takes', async () => {
    let written = 0;
    const { heard } = await afterAttack(async (peer) => {
      peer.write('<message><body>');
      for (; !peer.isClosed && written < 50_000_000; written += 100_000) {
        peer.write('y'.repeat(100_000));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    expect(heard).toContain('policy-violation');
  });

  it('reads characters that arrive in pieces', async () => {
    const { used } = await afterAttack(async (peer) => {
      for (const byte of Buffer.from('<message><body>é😀ñ</body></message>')) {
        peer.write(Buffer.from([byte]));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      peer.end();
    });
    expect(bodies(used)).toEqual(['é😀ñ', 'fine']);
  });

  it('survives whatever it sends', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<message>',
        '</message>',
        '<body>',
        '<iq type="get" id="1">',
        '<iq type="result"/>',
        '</iq>',
        '<presence/>',
        '&amp;',
        '&x;',
      ),
      fc.constantFrom(
        `<r xmlns='urn:xmpp:sm:3'/>`,
        `<a xmlns='urn:xmpp:sm:3' h='7'/>`,
        '</stream:stream>',
        '<stream:error/>',
        `<message from='/@/'/>`,
      ),
      fc.string({ unit: 'binary' }),
    );
    const attacks = fc.sample(fc.array(piece, { minLength: 1, maxLength: 12 }), 120);
    const used = plain(
      await hostile(async (peer, number) => {
        await welcome(peer);
        const attack = attacks[number - 1];
        if (attack === undefined) peer.write('<message><body>fine</body></message>');
        else for (const part of attack) peer.write(part);
        if (attack !== undefined) peer.end();
      }),
      { minDelayMs: 1, maxDelayMs: 5 },
    );
    await until(() => bodies(used).includes('fine'), 60_000);
  }, 70_000);

  it.each([
    [
      'an acknowledgement of what was never sent',
      `<a xmlns='urn:xmpp:sm:3' h='99'/>`,
      'acknowledged what was never sent',
    ],
    ['system-shutdown', error('system-shutdown'), 'shutting down'],
    ['policy-violation', error('policy-violation'), 'broke its rules'],
    ['an unknown condition', error('because'), 'because'],
    ['a goodbye', '</stream:stream>', 'closed the stream'],
  ])('says what happened after %s', async (_, bytes, sentence) => {
    const { used } = await afterAttack((peer) => peer.write(bytes));
    expect(used.lines.find((line) => line.startsWith('warn'))).toContain(sentence);
  });

  it('gives up on a server that does not serve the domain', async () => {
    const { ended } = plain(
      await hostile(async (peer) => {
        await peer.hear('version');
        peer.write(
          `<?xml version='1.0'?><stream:stream id='s1' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>${error('host-unknown')}`,
        );
      }),
    );
    await expect(ended).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('host-unknown') });
  });

  it('goes where it is sent, once', async () => {
    const other = await hostile(async (peer) => {
      await welcome(peer);
      peer.write('<message><body>elsewhere</body></message>');
    });
    const used = plain(
      await hostile(async (peer) => {
        await welcome(peer);
        peer.write(
          `<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>${other}</see-other-host></stream:error>`,
        );
      }),
    );
    await until(() => bodies(used).includes('elsewhere'));
  });

  it('believes answers only of who was asked', async () => {
    const used = plain(
      await hostile(async (peer) => {
        await welcome(peer);
        const before = await peer.hear('<question');
        const id = /id="([^"]*)"/.exec(before)?.[1] ?? '';
        peer.write(
          `<iq type='result' id='${id}' from='mallory@localhost'><evil/></iq><iq type='result' id='${id}'><evil/></iq>`,
        );
        peer.write(`<iq type='result' id='${id}' from='ALICE@localhost/x'><good/></iq>`);
      }),
    );
    const own = await used.session();
    const answer = await own.ask(
      xml('iq', { type: 'get', to: 'alice@localhost/x' }, xml('question', { xmlns: 'urn:q' })),
    );
    expect(answer.getChild('good')).toBeDefined();
  });

  it('does not wait for ever for an answer', async () => {
    const session = await plain(await hostile(welcome)).session();
    const ask: typeof session.ask = (...args) => session.ask(...args);
    const request = (): ReturnType<typeof xml> => xml('iq', { type: 'get', to: 'a@b' }, xml('q', { xmlns: 'urn:q' }));
    await expect(ask(request(), { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'unavailable',
      condition: 'remote-server-timeout',
    });
    const stop = new AbortController();
    const asked = ask(request(), { signal: stop.signal });
    stop.abort(new Error('never mind'));
    await expect(asked).rejects.toThrow('never mind');
    await expect(ask(request(), { signal: stop.signal })).rejects.toThrow('never mind');
  });

  it('believes only the account itself about its roster', async () => {
    const push = (from: string, id: string): string =>
      `<iq type='set' id='${id}'${from}><query xmlns='jabber:iq:roster'><item jid='x@y'/></query></iq>`;
    const heard: string[] = [];
    const used = plain(
      await hostile(async (peer) => {
        await welcome(peer);
        peer.write(push(` from='mallory@localhost'`, 'r1') + push('', 'r2') + push(` from='bot@localhost'`, 'r3'));
        heard.push(await peer.hear('id="r3"'));
      }),
    );
    await until(() => heard.length > 0);
    expect(heard[0]).toMatch(/id="r1" type="error">.*service-unavailable.*<iq type="result" id="r2"/);
    expect(used.stanzas.map(({ attrs }) => attrs['id'])).toEqual(['r2', 'r3']);
  });

  it('stays as long as the server answers its pings', async () => {
    let pings = 0;
    const used = plain(
      await hostile(async (peer) => {
        await welcome(peer);
        for (; pings < 5; pings += 1) await peer.answer('<ping', '');
      }),
      { pingMs: 20, silenceMs: 5_000 },
    );
    await until(() => pings === 5);
    expect(used.events).toEqual(['online']);
    expect(used.account.outage).toBeUndefined();
  });

  it('is not taken for silent when it was the bot that did nothing', async () => {
    let pings = 0;
    const used = plain(
      await hostile(async (peer) => {
        await welcome(peer);
        for (; pings < 3; pings += 1) {
          await peer.answer('<ping', '');
          // The answer is on its way, and the whole program is held up for longer than that may take.
          const end = performance.now() + 500;
          while (performance.now() < end);
        }
      }),
      { pingMs: 20, silenceMs: 300 },
    );
    await until(() => pings === 3);
    expect(used.events).toEqual(['online']);
  });

  it('refuses to send more than the server takes', async () => {
    const used = plain(
      await hostile((peer) =>
        peer.open(`<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>20000</max-bytes></limits>`),
      ),
    );
    const own = await used.session();
    expect(own.maxStanzaBytes).toBe(20_000);
    await own.send(xml('message', {}, xml('body', {}, 'x'.repeat(19_900))));
    await expect(own.send(xml('message', {}, xml('body', {}, 'ä'.repeat(10_000))))).rejects.toMatchObject({
      condition: 'policy-violation',
    });
  });
});

const error = (condition: string): string =>
  `<stream:error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`;
