import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import { type Document, text } from '../../../src/document/document.ts';
import { createHome, type Home, type HomeOptions } from '../../../src/inputs/slack/home.ts';
import { clientOptions, webApi } from '../../../src/inputs/slack/web-api.ts';
import { collectLog, type Lines } from '../../commands/world.ts';
import { type FakeSlack, startFakeSlack } from '../../support/slack/fake.ts';
import { until } from '../../support/until.ts';

interface Scene {
  readonly fake: FakeSlack;
  readonly log: Lines;
  readonly home: Home;
  readonly pass: (ms: number) => void;
  /** All that a person's tab shows, as one text. */
  readonly shows: (user?: string) => string;
  readonly published: () => number;
}

async function scene(document: HomeOptions['document'], more: Partial<HomeOptions> = {}): Promise<Scene> {
  let clock = 1_000_000;
  const fake = await startFakeSlack();
  const log = collectLog();
  const client = new WebClient(fake.home.token, { ...clientOptions, slackApiUrl: fake.apiUrl, logger: unheard });
  const api = webApi(client, { log });
  const home = createHome({ api: () => api, document, log, now: () => clock, ...more });
  onTestFinished(async () => {
    await home.close();
    await fake.stop();
  });
  return {
    fake,
    log,
    home,
    pass(ms) {
      clock += ms;
    },
    shows: (user = fake.user) => JSON.stringify(fake.homeOf(user) ?? ''),
    published: () => fake.calls('views.publish').filter(({ outcome }) => outcome === 'ok').length,
  };
}

const unheard: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => LogLevel.ERROR,
};

/** A document that is new each time. */
function counting(): { readonly document: () => Promise<Document>; readonly times: () => number } {
  let times = 0;
  return {
    document: async () => {
      times += 1;
      return text(`made ${times} times <!channel>`);
    },
    times: () => times,
  };
}

describe('the Home tab', () => {
  it('shows the document, as harmless as a message', async () => {
    const { document } = counting();
    const { fake, home, shows } = await scene(document);
    home.opened(fake.home.team, fake.user);
    await until(() => shows().includes('made 1 times <!channel>'));
    expect(fake.homeOf()).toMatchObject({ type: 'home' });
    expect(shows()).not.toContain('mrkdwn');
  });

  it('is made once for all who open it at about the same time, and anew a while later', async () => {
    const { document, times } = counting();
    const { fake, home, pass, shows, published } = await scene(document);
    const people = [fake.user, ...Array.from({ length: 20 }, () => fake.addUser())];
    for (const user of people) home.opened(fake.home.team, user);
    await until(() => people.every((user) => shows(user).includes('made 1 times')));
    home.opened(fake.home.team, fake.user);
    pass(4999);
    home.opened(fake.home.team, fake.user);
    expect(times()).toBe(1);
    pass(1);
    await until(() => {
      home.opened(fake.home.team, fake.user);
      return shows().includes('made 2 times');
    });
    await home.close();
    expect(published()).toBe(people.length + 1);
  });

  it('says that it takes a while, and shows it then; opened meanwhile it is not made twice', async () => {
    const made = withResolvers<Document>();
    let times = 0;
    const document = (): Promise<Document> => {
      times += 1;
      return made.promise;
    };
    const { fake, home, shows, published } = await scene(document, { patienceMs: 1 });
    home.opened(fake.home.team, fake.user);
    await until(() => shows().includes('One moment'));
    home.opened(fake.home.team, fake.user);
    made.resolve(text('here it is'));
    await until(() => shows().includes('here it is'));
    expect({ times, published: published() }).toEqual({ times: 1, published: 2 });
  });

  it('tells a person and the log when it cannot be made, and tries again when it is opened again', async () => {
    let isBroken = true;
    const document = async (): Promise<Document> => {
      if (isBroken) throw new Error('the registry is on fire');
      return text('all is well');
    };
    const { fake, home, shows, log } = await scene(document);
    home.opened(fake.home.team, fake.user);
    await until(() => shows().includes('could not be found out'));
    await until(() => log.lines.length === 1);
    isBroken = false;
    await until(() => {
      home.opened(fake.home.team, fake.user);
      return shows().includes('all is well');
    });
    expect(shows()).not.toContain('fire');
  });

  it('does not wait for ever', async () => {
    const { fake, home, shows } = await scene(() => new Promise(() => {}), { timeoutMs: 20, patienceMs: 1 });
    home.opened(fake.home.team, fake.user);
    await until(() => shows().includes('could not be found out'));
  });

  it('that Slack does not take is told once', async () => {
    const { document } = counting();
    const { fake, home, log, pass } = await scene(document);
    fake.trouble('views.publish', { kind: 'error', error: 'not_enabled' });
    for (const times of [1, 2, 3]) {
      await until(() => {
        home.opened(fake.home.team, fake.user);
        return fake.calls('views.publish').length >= times;
      });
      pass(5000);
    }
    await home.close();
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toContain('not_enabled');
  });

  it('is left as it is when the bot stops, which waits for nobody', async () => {
    let signal: AbortSignal | undefined;
    const { fake, home, log, published } = await scene((given) => {
      signal = given;
      return new Promise(() => {});
    });
    home.opened(fake.home.team, fake.user);
    await until(() => signal !== undefined);
    await home.close();
    expect(signal?.aborted).toBe(true);
    home.opened(fake.home.team, fake.user);
    expect({ published: published(), lines: log.lines }).toEqual({ published: 0, lines: [] });
  });
});
