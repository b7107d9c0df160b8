import { Writable } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog, type FlushableLog, type LogSettings } from '../../src/log/pino.ts';

interface Written {
  readonly log: FlushableLog;
  readonly text: () => Promise<string>;
}

async function written(settings: Partial<LogSettings> = {}): Promise<Written> {
  const chunks: string[] = [];
  const destination = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  const log = await createLog({ level: 'debug', format: 'json', secrets: [], ...settings, destination });
  return {
    log,
    text: async () => {
      await log.flush();
      return chunks.join('');
    },
  };
}

const secret = 'p@ss "w\\rd"\tüber';

describe.each(['json', 'pretty'] as const)('a %s log', (format) => {
  it('writes message, level and fields', async () => {
    const { log, text } = await written({ format });
    log.info('started', { service: 'go.micro.bot', nodes: 2 });
    const line = await text();
    expect(line).toContain('started');
    expect(line).toContain('go.micro.bot');
    expect(line.toLowerCase()).toContain('info');
    expect(line.endsWith('\n')).toBe(true);
  });

  it('leaves out what is below the level', async () => {
    const { log, text } = await written({ format, level: 'warn' });
    log.debug('one');
    log.info('two');
    log.warn('three');
    log.error('four');
    const lines = await text();
    expect(lines).not.toMatch(/one|two/);
    expect(lines).toMatch(/three[^]*four/);
  });

  it('keeps the stack of an error and of its causes', async () => {
    const { log, text } = await written({ format });
    log.error('failed', { error: new Error('outer', { cause: new RangeError('inner') }) });
    const line = await text();
    expect(line).toContain('outer');
    expect(line).toContain('RangeError: inner');
    expect(line).toContain('pino.test.ts');
  });

  it('shows a known secret nowhere, however it is written', async () => {
    const { log, text } = await written({ format, secrets: [secret] });
    log.error(`message ${secret}`, {
      deep: { down: [{ here: `x${secret}y` }] },
      json: JSON.stringify({ a: secret }),
      url: `http://h/?q=${encodeURIComponent(secret)}`,
      error: new Error(`because ${secret}`, { cause: new Error(`and ${secret}`) }),
    });
    const line = await text();
    expect(line).not.toMatch(/p@ss|p%40ss|w\\*rd|über|%C3%BCber/);
    expect(line.match(/\[secret\]/g)?.length).toBeGreaterThanOrEqual(6);
  });

  it.each([
    'xoxb-123456-abcdefHIDDEN',
    'xapp-1-A1-HIDDEN',
    'Authorization: Bearer eyJhbGciHIDDEN.x-y',
    'Basic dXNlcjpISIDDENHIDDEN',
    'amqp://user:HIDDEN@host:5672/x',
    'password=HIDDEN&x=1',
    'slack_token=HIDDEN',
    'password="HIDDEN two HIDDEN" x',
    '{"apiKey": "HIDDEN \\" HIDDEN"}',
    '-----BEGIN RSA PRIVATE KEY-----\nHIDDEN\n-----END RSA PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\nHIDDEN',
  ])('knows the shape of a secret: %s', async (sample) => {
    const { log, text } = await written({ format });
    log.warn(`in the message ${sample}`);
    log.warn('in a field', { nested: { value: sample } });
    log.warn('in a stack', { error: new Error(sample) });
    const lines = await text();
    expect(lines).not.toContain('HIDDEN');
    expect(lines).toContain('[secret]');
  });

  it('shows no member that is named like a secret', async () => {
    const { log, text } = await written({ format });
    log.warn('config', { a: { b: { password: 'HIDDEN "1', slack_token: 'HIDDEN\\', token: 'HIDDEN' } }, user: 'asim' });
    const line = await text();
    expect(line).not.toContain('HIDDEN');
    expect(line).toContain('asim');
  });

  it('writes control characters as codes, so that no text forges a line or moves the cursor', async () => {
    const { log, text } = await written({ format });
    log.warn('a\u001b[2Jb\nERROR forged\u009b\u202e', { name: 'x\ny\u001b]0;t\u0007', list: ['\u007f'] });
    const line = await text();
    expect(line.replace(/\n/g, '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(line).not.toMatch(/^ERROR/m);
    expect(line).not.toMatch(/^y/m);
    expect(line).toContain('\\u001b');
  });

  it('takes any text, and what is JSON stays JSON', async () => {
    const { log, text } = await written({ format, secrets: ['a"', '\\'] });
    const samples = fc.sample(fc.string({ unit: 'binary' }), 200);
    for (const sample of samples)
      log.info(sample, { sample, password: sample, nested: JSON.stringify({ token: sample }) });
    const lines = (await text()).split('\n').filter((line) => line !== '');
    if (format === 'json') for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(lines.length).toBeGreaterThanOrEqual(200);
  });

  it('takes values that JSON cannot hold', async () => {
    const { log, text } = await written({ format });
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    log.info('odd', { loop, big: 12345678901234567890n, nothing: undefined, symbol: Symbol('s') });
    expect(await text()).toContain('odd');
  });

  it('is not slowed down by a long line made to be slow', async () => {
    const { log, text } = await written({ format });
    for (const part of ['a-', 'token', '://a:', 'password="', '-----BEGIN ', '\\"', 'token\\":'])
      log.info(part.repeat(100_000));
    expect((await text()).length).toBeGreaterThan(100_000);
  });
});

it('replaces a short secret only where it stands alone', async () => {
  const { log, text } = await written({ secrets: ['abc'] });
  log.info('abc abcdef');
  expect(await text()).toContain('[secret] abcdef');
});
