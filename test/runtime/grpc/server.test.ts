import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { MicroError } from '../../../src/runtime/errors.ts';
import { writeFrame } from '../../../src/runtime/grpc/frame.ts';
import type { Context } from '../../../src/runtime/context.ts';
import { unary } from '../../../src/runtime/server/server.ts';
import { until } from '../../support/until.ts';
import { failure, hello } from '../world.ts';
import { ask, bareClient, headers } from './bare.ts';
import { serve } from './house.ts';
import { libraryClient } from './library.ts';

/** A handler that takes the library's messages, which come as `application/grpc`: bytes of no known type. */
const bytes = {
  value: { name: 'Bytes', type: 'Bytes', values: [] },
  protobuf: { encode: (value: unknown) => value as Buffer, decode: (body: Uint8Array) => Buffer.from(body) },
};
const schemas = { request: bytes, response: bytes };
const echo = unary((body: Buffer) => body, schemas);

describe('a server, asked by another library', () => {
  it('answers', async () => {
    const { address } = await serve({ Echo: echo });
    const client = libraryClient(address);
    expect(await client.unary('/greeter.Greeter/Echo', 'hello')).toBe('hello');
    expect(await client.unary('/Greeter/Echo', '')).toBe('');
  });

  it('answers many at a time, each with its own', async () => {
    const { address } = await serve({ Echo: echo });
    const client = libraryClient(address);
    const texts = Array.from({ length: 300 }, (_, index) => `call ${index}`);
    expect(await Promise.all(texts.map((text) => client.unary('/Greeter/Echo', text)))).toEqual(texts);
  });

  it('tells the handler what was sent along', async () => {
    const seen: Context[] = [];
    const look = unary((body: Buffer, context) => {
      seen.push(context);
      return body;
    }, schemas);
    const { address } = await serve({ Look: look });
    const metadata = new Metadata();
    metadata.add('foo-bar', 'one');
    metadata.add('foo-bar', 'two');
    metadata.set('trace-bin', Buffer.from([0, 1, 254, 255]));
    metadata.set('x-content-type', 'application/json');
    await libraryClient(address).unary('/Greeter/Look', '', { deadline: Date.now() + 60_000 }, metadata);
    const context = seen[0] ?? expect.fail('the handler was not called');
    expect(context.header('Foo-Bar')).toBe('one, two');
    expect(context.header('foo-bar')).toBe('one, two');
    expect(Buffer.from(context.header('trace-bin') ?? '', 'base64')).toEqual(Buffer.from([0, 1, 254, 255]));
    expect(context.metadata).toMatchObject({
      ':authority': address,
      'Content-Type': 'application/grpc',
      'User-Agent': expect.stringContaining('grpc-node-js'),
      Local: address,
      Remote: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    });
    expect(Object.keys(context.metadata)).not.toContain('X-Content-Type');
    expect(Object.keys(context.metadata).filter((name) => /timeout|grpc-|^te$|:path/i.test(name))).toEqual([]);
    expect(context.deadline).toBeGreaterThan(Date.now() + 30_000);
    expect(context.deadline).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  it('says what went wrong', async () => {
    const fail = unary(() => {
      throw new MicroError('greeter', 409, 'taken');
    }, schemas);
    const throws = unary(() => {
      throw new Error('boom');
    }, schemas);
    const { address } = await serve({ Fail: fail, Throw: throws });
    const client = libraryClient(address);
    expect(await failure(client.unary('/Greeter/Fail', ''))).toMatchObject({
      code: 6,
      details: '{"id":"greeter","code":409,"detail":"taken","status":"Conflict"}',
    });
    expect(await failure(client.unary('/Greeter/Throw', ''))).toMatchObject({
      code: 13,
      details: '{"id":"greeter","code":500,"detail":"boom","status":"Internal Server Error"}',
    });
  });

  it.each([
    ['/greeter.Nobody/Hello', 12, 'unknown service Nobody'],
    ['/greeter.Greeter/Nope', 12, 'unknown service Greeter.Nope'],
    ['/Greeter', 3, 'malformed method name: "/Greeter"'],
    ['/a/Greeter/Echo', 3, 'malformed method name: "/a/Greeter/Echo"'],
  ])('refuses %s with status %i', async (path, code, details) => {
    const { address } = await serve({ Echo: echo });
    expect(await failure(libraryClient(address).unary(path, ''))).toMatchObject({ code, details });
  });

  it('tells the handler when the caller calls it off, and when its time is over', async () => {
    const contexts: Context[] = [];
    const hang = unary((_: Buffer, context) => {
      contexts.push(context);
      return new Promise<Buffer>(() => {});
    }, schemas);
    const { address } = await serve({ Hang: hang });
    const client = libraryClient(address);
    const late = failure(client.unary('/Greeter/Hang', '', { deadline: Date.now() + 100 }));
    expect(await late).toMatchObject({ code: 4 });
    await until(() => contexts[0]?.signal.aborted);
    const stream = client.stream('/Greeter/Hang');
    stream.on('error', () => {});
    stream.end(Buffer.alloc(0));
    await until(() => contexts.length === 2);
    stream.cancel();
    await until(() => contexts[1]?.signal.aborted);
  });
});

describe('a server, asked oddly', () => {
  const path = '/Greeter/Hello';
  const frame = writeFrame('{"name":"bob"}');

  it.each([
    ['GET', { ':method': 'GET' }, 405],
    ['plain JSON', { 'content-type': 'application/json' }, 415],
    ['no content type', { 'content-type': '' }, 415],
    ['something that only begins like gRPC', { 'content-type': 'application/grpcurl' }, 415],
  ])('refuses %s in words of HTTP', async (_, more, status) => {
    const { address } = await serve({ Hello: hello });
    const { head } = await ask(await bareClient(address), headers(path, more), frame);
    expect(head).toMatchObject({ ':status': status });
  });

  it.each([
    'application/grpc+xml',
    'application/grpc+json; charset=utf-8',
  ])('refuses %s: content types are compared exactly', async (type) => {
    const { address } = await serve({ Hello: hello });
    const { head } = await ask(await bareClient(address), headers(path, { 'content-type': type }), frame);
    expect(head).toMatchObject({ ':status': 200, 'content-type': type, 'grpc-status': '13' });
    expect(head?.['grpc-message']).toContain(`Unsupported Content-Type: ${type}`);
  });

  it.each([
    ['no message', Buffer.alloc(0), '13', 'unexpected EOF'],
    ['half a message', frame.subarray(0, 10), '13', 'unexpected EOF'],
    ['two messages', Buffer.concat([frame, frame]), '3', 'a unary call takes one message'],
    ['a compressed message', Buffer.from('0100000000', 'hex'), '13', 'compressed'],
    ['what is no JSON', writeFrame('{"name'), '3', 'unexpected EOF'],
  ])('refuses %s', async (_, body, status, text) => {
    const { address } = await serve({ Hello: hello });
    const { head } = await ask(await bareClient(address), headers(path), body);
    expect(head).toMatchObject({ ':status': 200, 'grpc-status': status });
    expect(head?.['grpc-message']).toContain(text);
  });

  it('says that it does not understand a compression', async () => {
    const { address } = await serve({ Hello: hello });
    const compressed = Buffer.from('0100000000', 'hex');
    const { head } = await ask(await bareClient(address), headers(path, { 'grpc-encoding': 'gzip' }), compressed);
    expect(head).toMatchObject({ 'grpc-status': '12' });
  });

  it('refuses a time limit that is none', async () => {
    const { address } = await serve({ Hello: hello });
    const { head } = await ask(await bareClient(address), headers(path, { 'grpc-timeout': '5 seconds' }), frame);
    expect(head).toMatchObject({ 'grpc-status': '13', 'grpc-message': 'malformed grpc-timeout: 5 seconds' });
  });

  it.each([
    [{ timeout: '60000000000' }, 60_000],
    [{ 'grpc-timeout': '1M' }, 60_000],
    [{ timeout: '60000000000', 'grpc-timeout': '9H' }, 60_000],
    [{ timeout: '90000000000', 'grpc-timeout': '60000000u' }, 60_000],
    [{ timeout: 'soon' }, undefined],
  ])('takes the nearer of both time limits: %o', async (more, leftMs) => {
    let deadline: number | undefined = -1;
    const look = unary((_: unknown, context) => {
      deadline = context.deadline;
      return {};
    });
    const { address } = await serve({ Look: look });
    const before = Date.now();
    await ask(await bareClient(address), headers('/Greeter/Look', more), writeFrame('{}'));
    if (leftMs === undefined) expect(deadline).toBeUndefined();
    else {
      expect(deadline).toBeGreaterThanOrEqual(before + leftMs);
      expect(deadline).toBeLessThanOrEqual(Date.now() + leftMs);
    }
  });
});
