import { createElement as xml } from '@xmpp/xml';
import { describe, expect, it } from 'vitest';
import { until } from '../../../support/until.ts';
import { type Used, use } from './guest.ts';
import { hostile, type Peer } from './hostile.ts';

const management = `xmlns='urn:xmpp:sm:3'`;
const enabled = `<enabled ${management} id='abc' resume='true' max='60'/>`;

const log = (server: string): Used =>
  use({
    jid: 'bot@localhost',
    password: 'secret',
    server,
    mode: 'plain',
    authorize: () => Promise.resolve({ kind: 'authenticated' }),
    // Whoever asks for a count in these tests means to.
    timing: { askMs: 60_000, pingMs: 60_000, silenceMs: 60_000, closeMs: 50 },
  });

/** Up to the point where the features of the second stream are told. */
async function welcome(peer: Peer): Promise<void> {
  await peer.open('');
  await peer.open(`<sm ${management}/><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>`);
}

/** A session that begins. */
async function begin(peer: Peer, bytes = enabled): Promise<void> {
  await peer.answer('<bind', `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@localhost/here</jid></bind>`);
  await peer.hear('<enable');
  peer.write(bytes);
}

const say = (text: string): ReturnType<typeof xml> => xml('message', { to: 'a@b' }, xml('body', {}, text));
const said = `<message from='a@b'><body>x</body></message>`;

const outcomeOf = (promise: Promise<void>): { value: string } => {
  const outcome = { value: 'pending' };
  promise.then(
    () => (outcome.value = 'sent'),
    (error: unknown) => (outcome.value = String((error as { code?: string }).code)),
  );
  return outcome;
};

/** Three things are said in a session, which is cut; then the second connection does what it wants. */
async function afterCut(
  next: (peer: Peer) => Promise<void>,
  cut: (peer: Peer) => void = (peer) => peer.end(),
): Promise<{ readonly used: Used; readonly outcomes: readonly { readonly value: string }[] }> {
  let first: Peer | undefined;
  const used = log(
    await hostile(async (peer, number) => {
      await welcome(peer);
      if (number > 1) {
        await next(peer);
        return;
      }
      await begin(peer);
      peer.write(said);
      first = peer;
    }),
  );
  const session = await used.session();
  const outcomes = ['one', 'two', 'three'].map((text) => outcomeOf(session.send(say(text))));
  await first?.hear('three');
  await until(() => used.stanzas.length === 1);
  if (first !== undefined) cut(first);
  return { used, outcomes };
}

describe('a session whose stanzas are counted', () => {
  it('knows what was acknowledged', async () => {
    let peer: Peer | undefined;
    const used = log(
      await hostile(async (first) => {
        await welcome(first);
        await begin(first);
        peer = first;
      }),
    );
    const session = await used.session();
    const outcomes = ['one', 'two', 'three'].map((text) => outcomeOf(session.send(say(text))));
    await peer?.hear('three');
    peer?.write(`<a ${management} h='2'/>`);
    await until(() => outcomes[1]?.value === 'sent');
    expect(outcomes.map(({ value }) => value)).toEqual(['sent', 'sent', 'pending']);
    peer?.write(`<a ${management} h='3'/>`);
    await until(() => outcomes[2]?.value === 'sent');
  });

  it('counts from the very moment on that both agreed upon', async () => {
    const counts: string[] = [];
    const used = log(
      await hostile(async (peer) => {
        await welcome(peer);
        await begin(peer, `${said}${enabled}${said}${said}<r ${management}/>`);
        await peer.hear('<a ');
        counts.push(await peer.hear('/>'));
      }),
    );
    await until(() => counts.length > 0);
    expect(counts[0]).toContain('h="2"');
    expect(used.stanzas).toHaveLength(3);
  });

  it('asks for an acknowledgement before long', async () => {
    let asked = false;
    const server = await hostile(async (peer) => {
      await welcome(peer);
      await begin(peer);
      await peer.hear('<r ');
      asked = true;
    });
    const used = use({
      jid: 'bot@localhost',
      password: 'secret',
      server,
      mode: 'plain',
      authorize: () => Promise.resolve({ kind: 'authenticated' }),
    });
    const session = await used.session();
    session.send(say('one')).catch(() => {});
    await until(() => asked);
  });

  it('goes on after a cut with what the server had not', async () => {
    const heard: string[] = [];
    const { used, outcomes } = await afterCut(async (peer) => {
      await peer.hear('<resume');
      heard.push(await peer.hear('/>'));
      peer.write(`<resumed ${management} h='1' previd='abc'/>`);
      heard.push(await peer.hear('three'));
      peer.write(`<a ${management} h='3'/>`);
    });
    await until(() => outcomes.every(({ value }) => value === 'sent'));
    expect(heard[0]).toMatch(/h="1".*previd="abc"/);
    expect(heard[1]).not.toContain('one');
    expect(heard[1]).toContain('two');
    expect(used.events).toEqual(['online', 'offline', 'resumed']);
  });

  it('is over when the server refuses, and what it had is known', async () => {
    let rest = '';
    const { used, outcomes } = await afterCut(async (peer) => {
      await peer.hear('<resume');
      peer.write(`<failed ${management} h='2'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`);
      await begin(peer);
      rest = await peer.hear('</message>');
    });
    await until(() => outcomes.every(({ value }) => value !== 'pending'));
    expect(outcomes.map(({ value }) => value)).toEqual(['sent', 'sent', 'unavailable']);
    await until(() => used.sessions.length === 2);
    used.sessions[1]?.send(say('four')).catch(() => {});
    await until(() => rest !== '');
    expect(rest).toContain('four');
    expect(rest).not.toMatch(/one|two|three/);
  });

  it('is over when the server claims more than was said', async () => {
    const { used, outcomes } = await afterCut(async (peer) => {
      await Promise.race([
        peer.hear('<resume').then(() => peer.write(`<resumed ${management} h='9' previd='abc'/>`)),
        begin(peer),
      ]);
    });
    await until(() => outcomes.every(({ value }) => value === 'unavailable'));
    await until(() => used.events.length === 3);
    expect(used.events).toEqual(['online', 'offline', 'online']);
  });

  it('is over with the word of the server, so that nothing it can not bear is said again', async () => {
    let heard = '';
    const { outcomes } = await afterCut(
      async (peer) => {
        heard = await peer.hear('<bind');
      },
      (peer) =>
        peer.write(`<stream:error><not-well-formed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`),
    );
    await until(() => outcomes.every(({ value }) => value === 'unavailable'));
    await until(() => heard !== '');
    expect(heard).not.toContain('<resume');
  });

  it('takes nothing that would end the stream', async () => {
    const used = log(
      await hostile(async (peer) => {
        await welcome(peer);
        await begin(peer);
      }),
    );
    const session = await used.session();
    for (const text of ['\u0000', '\ufffe', '\ud800', 'a\u001bb']) {
      await expect(session.send(say(text))).rejects.toMatchObject({ code: 'refused', condition: 'bad-format' });
    }
    expect(used.events).toEqual(['online']);
  });
});
